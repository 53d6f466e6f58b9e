using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

public class FrameReaderTests
{
    private const int Capacity = 8192;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Capacity)]
    public void Finds_messages_and_commands_however_they_are_cut(int piece)
    {
        var large = Bytes(300_000);
        byte[] stream =
        [
            .. RawPeer.Frame([]), .. RawPeer.Frame([1]), .. RawPeer.Frame(Bytes(255)), .. RawPeer.Frame(Bytes(256)),
            .. RawPeer.Frame([2], more: true), .. RawPeer.Frame([], more: true), .. RawPeer.Command("PING", [0, 1, 9]), .. RawPeer.Frame([3, 4]),
            .. RawPeer.LongHeader(1), 5, .. RawPeer.Frame(large, more: true), .. RawPeer.Frame([6]),
        ];
        var (messages, commands) = Read(new FrameReader(Capacity, 1 << 20, takesMessages: true), stream, piece);

        byte[][][] expected = [[[]], [[1]], [Bytes(255)], [Bytes(256)], [[2], [], [3, 4]], [[5]], [large, [6]]];
        Assert.Equal(expected, messages.Select(message => message.LeadingFrames.Append(message.Payload).Select(frame => frame.ToArray()).ToArray()));
        Assert.Equal([4, .. "PING"u8, 0, 1, 9], Assert.Single(commands));
    }

    [Fact]
    public void Takes_a_message_of_just_the_largest_size_and_no_larger_one()
    {
        byte[] just = [.. RawPeer.Frame(new byte[400], more: true), .. RawPeer.Frame(new byte[600])];
        Assert.Equal(1000, Assert.Single(Read(Limited(), just).Messages).Size);

        AssertRefused("max-message-size", [.. RawPeer.Frame(new byte[400], more: true), .. RawPeer.LongHeader(601)]);
        AssertRefused("max-message-size", RawPeer.LongHeader(1001));
        AssertRefused("max-message-size", RawPeer.LongHeader(ulong.MaxValue));
        AssertRefused("max-message-size", RawPeer.LongHeader(1UL << 63));
    }

    [Fact]
    public void Takes_only_so_many_frames()
    {
        byte[] Frames(int count) => [.. Enumerable.Repeat(RawPeer.Frame([], more: true), count - 1).SelectMany(frame => frame), .. RawPeer.Frame([])];

        Assert.Equal(999, Assert.Single(Read(Limited(), Frames(1000)).Messages).LeadingFrames.Count);
        AssertRefused("1000 frames", Frames(1001));
    }

    /// <summary>Ten thousand peers may say so at once.</summary>
    [Theory]
    [InlineData(64 << 10)]
    [InlineData(256 << 10)]
    [InlineData(16 << 20)]
    public void Takes_little_memory_for_what_was_only_announced(int size)
    {
        var reader = new FrameReader(Capacity, 16 << 20, takesMessages: true);
        byte[] announced = [.. RawPeer.LongHeader((ulong)size), 1];
        var before = GC.GetAllocatedBytesForCurrentThread();
        announced.CopyTo(reader.Space);
        reader.Arrived(announced.Length);

        Assert.Equal(FrameReader.Found.Nothing, reader.Next());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 70 << 10);
    }

    [Fact]
    public void Refuses_what_is_no_frame()
    {
        AssertRefused("flags", [8, 0]);
        AssertRefused("flags", [0xFF, 0]);
        AssertRefused("flags", [5, 1, 0]);
        AssertRefused("4096", [6, 0, 0, 0, 0, 0, 0, 0x10, 1]);
        AssertRefused("4096", [6, .. Enumerable.Repeat((byte)0xFF, 8)]);
    }

    [Fact]
    public void Refuses_every_message_where_the_socket_only_sends()
    {
        var reader = new FrameReader(Capacity, 1000, takesMessages: false);

        Assert.Contains("only sends", Assert.ThrowsAny<ZmtpException>(() => Read(reader, RawPeer.Frame([]))).Message);
    }

    [Fact]
    public void Takes_no_memory_on_a_peers_word()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new FrameReader(Capacity, int.MaxValue, takesMessages: true);
        Read(reader, [.. RawPeer.LongHeader(int.MaxValue), 1, 2, 3]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Theory]
    [InlineData(999, 1000)]
    [InlineData(999, 16_000)]
    [InlineData(1, 10_000_000)]
    public void Takes_memory_in_proportion_to_what_comes_however_many_frames_it_is_in(int frames, int size)
    {
        byte[] stream = [.. Enumerable.Range(0, frames).SelectMany(i => RawPeer.Frame(new byte[size], more: i < frames - 1))];
        var reader = new FrameReader(Capacity, 1 << 30, takesMessages: true);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var (messages, _) = Read(reader, stream);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, stream.Length, 5L * stream.Length);
        Assert.Equal((long)frames * size, Assert.Single(messages).Size);
    }

    [Fact]
    public void Random_bytes_do_no_more_than_break_the_protocol()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);

            // Mostly flags that exist, or nothing would ever get past the first byte.
            for (var at = 0; at < bytes.Length; at += 3) bytes[at] &= 7;
            try
            {
                Read(Limited(), bytes, random.Next(1, 50));
            }
            catch (ZmtpException)
            {
                // As it should.
            }
        }
    }

    private static FrameReader Limited() => new(Capacity, 1000, takesMessages: true);

    private static void AssertRefused(string why, byte[] bytes) =>
        Assert.Contains(why, Assert.ThrowsAny<ZmtpException>(() => Read(Limited(), bytes)).Message);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static (List<Message> Messages, List<byte[]> Commands) Read(FrameReader reader, byte[] stream, int piece = Capacity)
    {
        var messages = new List<Message>();
        var commands = new List<byte[]>();
        for (var at = 0; at < stream.Length;)
        {
            var count = Math.Min(Math.Min(piece, stream.Length - at), reader.Space.Length);
            stream.AsSpan(at, count).CopyTo(reader.Space.Span);
            reader.Arrived(count);
            at += count;
            while (reader.Next() is var found && found != FrameReader.Found.Nothing)
            {
                if (found == FrameReader.Found.Message) messages.Add(new Message(reader.Payload, MessageFormat.Bytes, reader.LeadingFrames));
                else commands.Add(reader.Command.ToArray());
            }
            Assert.False(reader.Space.IsEmpty);
        }
        return (messages, commands);
    }
}
