using MessageRouter.Distribution;

namespace MessageRouter.Tests.Distribution;

public class LinkCodecTests
{
    public static TheoryData<object, byte[]> Words => new()
    {
        { new LinkWord.Hello(1, 256, "a"), [1, 1, 0, 0, 1, 0, 97] },
        { new LinkWord.Done(1, [2, 0x0102030405060708]), [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8] },
        { new LinkWord.Failed(1, 2, "no"), [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 110, 111] },
        { new LinkWord.Return(1, [2]), [4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2] },
        { new LinkWord.Leaving(), [5] },
        { new LinkWord.WorkerPing(), [6] },
        { new LinkWord.Welcome(1, 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), [0x81, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 3, 0xE8, 0, 0, 0x13, 0x88] },
        { new LinkWord.Deliver(1, 2, 3, "x-1"), [0x82, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 120, 45, 49] },
        { new LinkWord.DistributorPing(), [0x86] },
        { new LinkWord.Refused("no"), [0x87, 110, 111] },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Writes_and_reads_every_word(object word, byte[] bytes)
    {
        Assert.Equal(bytes, LinkCodec.Write((LinkWord)word));
        var message = word is LinkWord.Deliver ? new Message(new byte[1], MessageFormat.Bytes, [bytes]) : Message.FromBytes(bytes);
        Assert.True(LinkCodec.TryRead(message, out var read));
        Assert.Equivalent(word, read, strict: true);
        Assert.IsType(word.GetType(), read);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Reads_no_word_that_is_cut_short_or_has_the_wrong_number_of_frames(object word, byte[] bytes)
    {
        var shortest = word switch
        {
            LinkWord.Hello => 6,
            LinkWord.Failed => 17,
            LinkWord.Refused => 1,
            LinkWord.Deliver => 22,
            LinkWord.Done => 17,
            _ => bytes.Length,
        };
        Assert.False(TryRead((LinkWord)word, bytes[..(shortest - 1)]));
        Assert.False(LinkCodec.TryRead(word is LinkWord.Deliver ? Message.FromBytes(bytes) : new Message(new byte[1], MessageFormat.Bytes, [bytes]), out _));
    }

    [Fact]
    public void Reads_no_word_that_breaks_a_limit()
    {
        Assert.False(TryRead(null, []));
        Assert.False(TryRead(null, [0]));
        Assert.False(TryRead(null, [5, 0]));
        Assert.False(TryRead(null, [1, 1, 0, 0, 0, 0]));
        Assert.False(TryRead(null, [2, .. new byte[8 + 3]]));
        Assert.False(TryRead(null, [2, .. new byte[8 + 8 * 1001]]));
        Assert.False(TryRead(null, [0x87, .. new byte[1025]]));
        Assert.False(TryRead(null, [0x81, 1, .. new byte[16]]));
        Assert.False(TryRead(new LinkWord.Deliver(0, 0, 0, ""), [0x82, .. new byte[20], .. Enumerable.Repeat((byte)65, 65)]));
        Assert.False(TryRead(new LinkWord.Deliver(0, 0, 0, ""), [0x82, .. new byte[20], 0xFF]));
    }

    [Fact]
    public void Cuts_a_reason_off_between_two_characters()
    {
        var reason = new string('x', 1022) + "😀😀";

        Assert.True(LinkCodec.TryRead(LinkCodec.ToMessage(new LinkWord.Refused(reason)), out var word));

        Assert.Equal(new string('x', 1022), Assert.IsType<LinkWord.Refused>(word).Reason);
    }

    [Fact]
    public void What_a_peer_says_cannot_move_a_cursor()
    {
        Assert.True(LinkCodec.TryRead(Message.FromBytes(new byte[] { 0x87, 0x1B, 0xFF }), out var word));

        Assert.Equal("\\x1b\uFFFD", Assert.IsType<LinkWord.Refused>(word).Reason);
    }

    private static bool TryRead(LinkWord? word, byte[] bytes) =>
        LinkCodec.TryRead(word is LinkWord.Deliver ? new Message(new byte[1], MessageFormat.Bytes, [bytes]) : Message.FromBytes(bytes), out _);
}
