using CsCheck;
using MessageRouter.Links;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Links;

public class TallyTests
{
    private static readonly Gen<long> Numbers = Gen.Long[0, Tally.MostMessages];

    private static readonly Gen<Tally> Tallies = Gen.Select(Numbers.Array[6], Numbers.Array[0, Tally.MostOpen], Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 64], Numbers).Array[0, Tally.MostReasons], Gen.Int[0, 7])
        .Select((numbers, open, dropped, flags) => new Tally
        {
            Begins = (flags & 1) != 0,
            IsLast = (flags & 2) != 0,
            IsUncounted = (flags & 4) != 0,
            Account = numbers[0],
            Serial = numbers[1],
            Connection = numbers[2],
            Position = numbers[3],
            Ended = numbers[4],
            BeforeSubscribe = numbers[5],
            Open = open,
            Dropped = [.. dropped.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))],
        });

    [Fact]
    public void What_is_told_is_what_is_heard_and_fits_into_a_command() => Tallies.Sample(tally =>
    {
        var frame = tally.ToFrame();
        var body = Body(frame);
        Assert.InRange(body.Length, 1, Command.MaxSize);
        Assert.True(Tally.Is(body));
        var heard = Tally.Read(body)!;
        Assert.Equal(tally.Open, heard.Open);
        Assert.Equal(tally.Dropped, heard.Dropped);
        Assert.Equal(tally, heard with { Open = tally.Open, Dropped = tally.Dropped });
    });

    [Fact]
    public void Any_part_of_one_and_one_with_more_behind_it_is_malformed() => Tallies.Sample(tally =>
    {
        var body = Body(tally.ToFrame());
        for (var length = 0; length < body.Length; length++) Assert.Null(Tally.Read(body.AsSpan(0, length)));
        Assert.Null(Tally.Read([.. body, 0]));
    }, iter: 20);

    [Fact]
    public void A_number_that_nobody_can_have_counted_is_malformed()
    {
        var tally = new Tally { Account = 1, Serial = 1, Connection = 1, Ended = Tally.MostMessages };
        Assert.NotNull(Tally.Read(Body(tally.ToFrame())));
        Assert.Null(Tally.Read(Body((tally with { Ended = Tally.MostMessages + 1 }).ToFrame())));
        Assert.Null(Tally.Read(Body((tally with { Dropped = [new("away", long.MaxValue)] }).ToFrame())));
        Assert.Null(Tally.Read(Body((tally with { BeforeSubscribe = -1 }).ToFrame())));
    }

    [Fact]
    public void Whatever_comes_is_read_or_malformed_and_throws_nothing() => Gen.Select(Tallies, Gen.Int[0, 2000], Gen.Byte).Sample((tally, place, value) =>
    {
        var body = Body(tally.ToFrame());
        body[place % body.Length] = value;
        if (Tally.Read(body) is { } read) Assert.All([read.Account, read.Position, read.Ended, .. read.Open, .. read.Dropped.Select(pair => pair.Value)], number => Assert.InRange(number, 0, long.MaxValue));
    });

    [Theory]
    [InlineData("hub", "outputs.bus", 1)]
    [InlineData("a;b=c %", "inputs.x", 7)]
    [InlineData("Größe", "outputs.ä", 0)]
    public void An_end_is_known_by_what_it_says_of_itself(string node, string component, int subscriptions)
    {
        var end = new LinkEnd(node, LinkEnd.NewEpoch(), component) { Subscriptions = subscriptions };
        var heard = LinkEnd.Of(PeerMetadata.Parse(PeerMetadata.Of(PeerSocketType.Pub, end.Properties()).ToBytes()));
        Assert.Equal(end, heard);
        Assert.Equal(subscriptions, heard!.Subscriptions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2;node=a;epoch=0123456789abcdef0123456789abcdef;component=b")]
    [InlineData("1;node=;epoch=0123456789abcdef0123456789abcdef;component=b")]
    [InlineData("1;node=a;epoch=0123456789ABCDEF0123456789ABCDEF;component=b")]
    [InlineData("1;node=a;epoch=01;component=b")]
    [InlineData("1;node=a%0a;epoch=0123456789abcdef0123456789abcdef;component=b")]
    [InlineData("1;epoch=0123456789abcdef0123456789abcdef;component=b")]
    public void With_who_says_it_otherwise_there_is_no_agreement(string text) =>
        Assert.Null(LinkEnd.Of(PeerMetadata.Of(PeerSocketType.Pub, [new(LinkEnd.Property, System.Text.Encoding.ASCII.GetBytes(text))])));

    [Fact]
    public void A_name_that_is_too_long_to_be_said_is_not_said() =>
        Assert.Empty(new LinkEnd(new string('n', 300), LinkEnd.NewEpoch(), "outputs.bus").Properties());

    private static byte[] Body(byte[] frame) => frame[((frame[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader)..];
}
