using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.Zmtp;

/// <summary>What a peer may do wrong before it is one costs its own connection and a line in the log.</summary>
public class IntroductionTests
{
    public static TheoryData<string, string, byte[]> Intruders => new()
    {
        { "HTTP", "does not speak ZMTP 3", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray() },
        { "ZMTP 1", "does not speak ZMTP 3", [1, 0] },
        { "ZMTP 1 with a long frame", "does not speak ZMTP 3", [0xFF, 0, 0, 0, 0, 0, 0, 0, 9, 0] },
        { "ZMTP 2", "older than 3.0", [.. RawPeer.Greeting[..10], 1, 8] },
        { "PLAIN", "NULL", [.. RawPeer.Greeting[..12], .. "PLAIN"u8, .. new byte[47]] },
        { "a longer name than NULL", "NULL", [.. RawPeer.Greeting[..16], .. "X"u8, .. new byte[47]] },
        { "not READY", "READY", Greeted(RawPeer.Command("HELLO", [])) },
        { "an empty command", "READY", Greeted([4, 0]) },
        { "a command whose name is longer than itself", "READY", Greeted([4, 2, 200, 1]) },
        { "a message first", "before it had introduced itself", Greeted(RawPeer.Frame([])) },
        { "no socket type", "does not say", Greeted(RawPeer.Command("READY", RawPeer.Property("Identity", []))) },
        { "READY without properties", "does not say", Greeted(RawPeer.Command("READY", [])) },
        { "another socket type", "\"SUB\"", Greeted(RawPeer.Ready("SUB")) },
        { "a property of an absurd length", "malformed", Greeted(RawPeer.Command("READY", RawPeer.Property("Socket-Type", "DEALER"u8.ToArray(), 0xFFFFFFFF))) },
        { "a property longer than the command", "malformed", Greeted(RawPeer.Command("READY", RawPeer.Property("Socket-Type", "DEALER"u8.ToArray(), 7))) },
        { "a property without a length", "malformed", Greeted(RawPeer.Command("READY", [1, 65, 0, 0])) },
        { "a property without a name", "malformed", Greeted(RawPeer.Command("READY", [0, 0, 0, 0, 0])) },
        { "more properties than anybody has", "64 properties", Greeted(RawPeer.Command("READY", [.. Enumerable.Repeat(RawPeer.Property("a", []), 65).SelectMany(property => property)])) },
        { "an endless command", "4096", Greeted([6, 0, 0, 0, 0, 0, 1, 0, 0]) },
        { "an error", "reports an error: \"go\\x1b away\"", Greeted(RawPeer.Command("ERROR", [8, .. "go\u001b away"u8])) },
        { "an error whose reason is cut off", "reports an error: \"\"", Greeted(RawPeer.Command("ERROR", [99, 1])) },
    };

    [Theory]
    [MemberData(nameof(Intruders))]
    public async Task An_intruder_is_thrown_out_and_a_good_peer_served(string what, string line, byte[] bytes)
    {
        _ = what;
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var intruder = await RawPeer.ConnectAsync(probe);
        await intruder.SendAsync(bytes);

        await intruder.ReceiveToEndAsync();
        await Eventually.IsTrueAsync(() => probe.Log.Lines.Any(logged => logged.Text.Contains(line)), () => string.Join("\n", probe.Log.Lines));
        await AssertServesAsync(probe);
    }

    [Fact]
    public async Task A_peer_may_take_its_time_byte_by_byte()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var peer = await RawPeer.ConnectAsync(probe);
        byte[] bytes = [.. RawPeer.Greeting, .. RawPeer.Ready("DEALER"), .. RawPeer.Frame([7])];
        foreach (var one in bytes) await peer.SendAsync([one]);

        Assert.Equal([7], (await probe.NextMessageAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task A_peer_that_does_not_introduce_itself_in_time_is_thrown_out()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Router);
        using var silent = await RawPeer.ConnectAsync(probe);
        using var half = await RawPeer.ConnectAsync(probe);
        await half.SendAsync(RawPeer.Greeting);
        await half.ReceiveAsync(64 + 2);
        await silent.ReceiveAsync(64);
        using var good = await RawPeer.IntroducedAsync(probe, "DEALER");
        await probe.NextPeerAsync();

        probe.Clock.Advance(ZmtpLimits.Default.HandshakeTime);

        await silent.ReceiveToEndAsync();
        await half.ReceiveToEndAsync();
        await good.SendAsync(RawPeer.Frame([1]));
        await probe.NextMessageAsync();
    }

    [Fact]
    public async Task The_log_is_not_flooded_by_intruders()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Push);
        for (var i = 0; i < 20; i++)
        {
            using var intruder = await RawPeer.ConnectAsync(probe);
            await intruder.SendAsync([1, 2, 3]);
            await intruder.ReceiveToEndAsync();
        }
        using var good = await RawPeer.IntroducedAsync(probe, "PULL");
        await probe.NextPeerAsync();

        Assert.Single(probe.Log.Lines);
    }

    [Fact]
    public async Task Says_what_it_is()
    {
        await using var probe = PeerProbe.Bound(PeerSocketType.Dealer);
        using var peer = await RawPeer.ConnectAsync(probe);
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Ready("ROUTER"));

        Assert.Equal([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48]], await peer.ReceiveAsync(64));
        var ready = RawPeer.Command("READY", [.. RawPeer.Property("Socket-Type", "DEALER"u8.ToArray()), .. RawPeer.Property("Identity", [])]);
        Assert.Equal(ready, await peer.ReceiveAsync(ready.Length));
    }

    private static byte[] Greeted(byte[] more) => [.. RawPeer.Greeting, .. more];

    private static async Task AssertServesAsync(PeerProbe probe)
    {
        using var good = await RawPeer.IntroducedAsync(probe, "DEALER");
        await good.SendAsync(RawPeer.Frame([42]));
        Assert.Equal([42], (await probe.NextMessageAsync()).Payload.ToArray());
    }
}
