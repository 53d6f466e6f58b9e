using System.Net;
using System.Net.Sockets;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Zmtp.Limits;

/// <summary>What a peer does beyond its limits ends itself, is counted by a word, and costs the others nothing.</summary>
public class PeerLimitsTests
{
    private static readonly IPNetwork Elsewhere = IPNetwork.Parse("10.0.0.0/8");

    /// <summary>Limits, what a peer that has introduced itself sends, and the word for it.</summary>
    public static TheoryData<string, ZmtpLimits, byte[], string> Offences => new()
    {
        { "frames", new ZmtpLimits { Frames = 2 }, [.. RawPeer.Frame([1], more: true), .. RawPeer.Frame([2], more: true), .. RawPeer.Frame([3])], Refusals.Frames },
        { "as many frames as by default", ZmtpLimits.Default, [.. Enumerable.Repeat(RawPeer.Frame([1], more: true), 1000).SelectMany(frame => frame)], Refusals.Frames },
        { "size", ZmtpLimits.Default, RawPeer.LongHeader(16_777_217), Refusals.TooLarge },
        { "size of all frames", ZmtpLimits.Default, [.. RawPeer.Frame([1], more: true), .. RawPeer.LongHeader(16_777_216)], Refusals.TooLarge },
        { "flags", ZmtpLimits.Default, [0x80, 0], Refusals.Protocol },
        { "command", ZmtpLimits.Default, [4, 0], Refusals.Protocol },
        { "ERROR", ZmtpLimits.Default, RawPeer.Command("ERROR", [0]), Refusals.Protocol },
    };

    [Theory]
    [MemberData(nameof(Offences))]
    public async Task Who_breaks_a_rule_ends_and_is_counted_by_it(string what, ZmtpLimits limits, byte[] bytes, string refusal)
    {
        _ = what;
        await using var probe = Bound(limits);
        using var good = await RawPeer.IntroducedAsync(probe, "PUSH");
        var other = await probe.NextPeerAsync();
        using var bad = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();

        await bad.SendAsync(bytes);

        var (ended, end) = await probe.NextEndAsync();
        Assert.Same(peer, ended);
        Assert.Equal(refusal, end.Refusal);
        await Eventually.IsTrueAsync(() => probe.Refused(refusal) == 1);
        Assert.Equal(1, probe.Settings.Refused.Total);
        await good.SendAsync(RawPeer.Frame([42]));
        Assert.Equal([42], (await probe.NextMessageAsync(other)).Payload.ToArray());
    }

    /// <summary>Limits under which nobody more, or nobody at all, may connect.</summary>
    public static TheoryData<string, int, ZmtpLimits, string> Closed => new()
    {
        { "an address that is not allowed", 0, new ZmtpLimits { AllowFrom = [Elsewhere] }, "Connections are not taken from its address (limits.allow-from, limits.deny-from)." },
        { "an address that is denied", 0, new ZmtpLimits { DenyFrom = [IPNetwork.Parse("127.0.0.0/8")] }, "Connections are not taken from its address (limits.allow-from, limits.deny-from)." },
        { "as many as there may be", 2, new ZmtpLimits { Connections = 2 }, "There were 2 connections already (limits.connections)." },
        { "as many from an address", 3, new ZmtpLimits { ConnectionsPerAddress = 3 }, "There were 3 connections from its address already (limits.connections-per-address)." },
        { "too many in a second", 5, new ZmtpLimits { ConnectionsPerSecond = 1 }, "More than 1 connections a second came from its address (limits.connections-per-second)." },
    };

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Who_may_not_connect_is_refused_at_once_and_said_with_its_address(string what, int before, ZmtpLimits limits, string reason)
    {
        _ = what;
        await using var probe = Bound(limits);
        var peers = new List<RawPeer>();
        for (var i = 0; i < before; i++)
        {
            peers.Add(await RawPeer.IntroducedAsync(probe, "PUSH"));
            await probe.NextPeerAsync();
        }

        for (var i = 0; i < 20; i++) await AssertRefusedAsync(probe);

        await Eventually.IsTrueAsync(() => probe.Settings.Refused.Total == 20);
        Assert.Single(probe.Settings.Refused.Snapshot());
        Assert.Equal($"A connection from 127.0.0.1 was refused. {reason}", Assert.Single(probe.Log.Lines).Text);
        foreach (var peer in peers)
        {
            await peer.SendAsync(RawPeer.Frame([1]));
            await probe.NextMessageAsync();
            peer.Dispose();
        }
    }

    [Fact]
    public async Task Who_connects_and_says_nothing_keeps_nobody_out()
    {
        await using var probe = Bound(new ZmtpLimits { Connections = 3 });
        using var here = await RawPeer.IntroducedAsync(probe, "PUSH");
        await probe.NextPeerAsync();
        using var silent = await RawPeer.ConnectAsync(probe);
        using var alsoSilent = await RawPeer.ConnectAsync(probe);
        await silent.ReceiveAsync(64);
        await alsoSilent.ReceiveAsync(64);

        using var honest = await RawPeer.IntroducedAsync(probe, "PUSH");
        await probe.NextPeerAsync();

        await silent.ReceiveToEndAsync();
        await Eventually.IsTrueAsync(() => probe.Refused(Refusals.Handshakes) == 1);
        await here.SendAsync(RawPeer.Frame([1]));
        Assert.Equal([1], (await probe.NextMessageAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task Of_IPv4_at_an_IPv6_socket_the_IPv4_address_counts()
    {
        if (!Socket.OSSupportsIPv6) return;
        Assert.True(ZmtpEndpoint.TryParse("tcp://[::]:0", EndpointUse.Bind, out var any, out _));
        await using var probe = new PeerProbe(PeerProbe.Typical(PeerSocketType.Pull) with { Bind = [any], Limits = new ZmtpLimits { DenyFrom = [IPNetwork.Parse("127.0.0.0/8")] } });

        await AssertRefusedAsync(probe);

        await Eventually.IsTrueAsync(() => probe.Refused(Refusals.Address) == 1);
    }

    [Fact]
    public async Task One_kind_of_refusal_does_not_hide_another_in_the_log()
    {
        await using var probe = Bound(new ZmtpLimits { ConnectionsPerAddress = 1 });
        using (var intruder = await RawPeer.ConnectAsync(probe))
        {
            for (var i = 0; i < 20; i++) await AssertRefusedAsync(probe);
            await intruder.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray());
            await intruder.ReceiveToEndAsync();
        }

        await Eventually.IsTrueAsync(() => probe.Refused(Refusals.Version) == 1);
        Assert.Equal(20, probe.Refused(Refusals.ConnectionsPerAddress));
        await Eventually.IsTrueAsync(() => probe.Log.Lines.Count == 2);
    }

    [Fact]
    public async Task A_peer_has_the_time_to_introduce_itself_that_the_limits_give_it()
    {
        await using var probe = Bound(new ZmtpLimits { HandshakeTime = TimeSpan.FromMinutes(1) });
        using var silent = await RawPeer.ConnectAsync(probe);
        await silent.ReceiveAsync(64);

        probe.Clock.Advance(TimeSpan.FromSeconds(59));
        await silent.SendAsync(RawPeer.Greeting);
        await silent.ReceiveAsync(2);
        probe.Clock.Advance(TimeSpan.FromSeconds(1));

        await silent.ReceiveToEndAsync();
        await Eventually.IsTrueAsync(() => probe.Refused(Refusals.HandshakeTime) == 1);
    }

    [Fact]
    public async Task Who_has_not_introduced_itself_makes_room_for_others_and_is_counted()
    {
        await using var probe = Bound(new ZmtpLimits { Handshakes = 3 });
        using var first = await RawPeer.ConnectAsync(probe);
        await first.ReceiveAsync(64);
        var others = new List<RawPeer>();
        for (var i = 0; i < 3; i++) others.Add(await RawPeer.ConnectAsync(probe));

        await first.ReceiveToEndAsync();

        foreach (var other in others)
        {
            await other.IntroduceAsync("PUSH");
            await probe.NextPeerAsync();
            other.Dispose();
        }
        Assert.Equal(1, probe.Refused(Refusals.Handshakes));
    }

    [Theory]
    [InlineData("half a header", new byte[] { 2, 0, 0 })]
    [InlineData("a frame", new byte[] { 0, 100, 1 })]
    [InlineData("a frame that another is to follow", new byte[] { 1, 1, 1 })]
    [InlineData("a command", new byte[] { 4, 100, 4 })]
    public async Task A_message_has_to_be_finished_in_time_however_slowly_it_comes(string what, byte[] begin)
    {
        _ = what;
        await using var probe = Bound(new ZmtpLimits { MessageTime = TimeSpan.FromSeconds(80) });
        using var slow = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();
        using var steady = await RawPeer.IntroducedAsync(probe, "PUSH");
        var other = await probe.NextPeerAsync();
        await slow.SendAsync(begin);
        await Eventually.IsTrueAsync(() => Read(peer, begin.Length));

        for (var step = 0; step < 4; step++)
        {
            // The end of a message and the beginning of the next one: it is always in one, and never long.
            await steady.SendAsync(step == 0 ? [0, 2, 1] : [1, 0, 2, 1]);
            if (step > 0) await probe.NextMessageAsync(other);
            await slow.SendAsync([1]);
            await Eventually.IsTrueAsync(() => Read(peer, begin.Length + step + 1));
            Assert.Equal(0, probe.Refused(Refusals.MessageTime));
            probe.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        var (ended, end) = await probe.NextEndAsync();
        Assert.Same(peer, ended);
        Assert.Equal((Refusals.MessageTime, "It did not finish a message within 80 s (limits.message-time)."), (end.Refusal, end.Reason));
        await steady.SendAsync([1]);
        await probe.NextMessageAsync(other);

        bool Read(IPeer reads, int bytes) => reads.Traffic.BytesIn == 64 + RawPeer.Ready("PUSH").Length + bytes;
    }

    [Fact]
    public async Task Time_in_which_a_peer_is_not_read_does_not_count()
    {
        await using var probe = Bound(new ZmtpLimits { MessageTime = TimeSpan.FromSeconds(80) });
        using var peer = await RawPeer.IntroducedAsync(probe, "PUSH");
        var known = await probe.NextPeerAsync();
        var room = new TaskCompletionSource();
        probe.Room = room.Task;
        await peer.SendAsync([0, 1, 1, 0, 2]);
        await probe.NextMessageAsync(known);

        probe.Clock.Advance(TimeSpan.FromHours(1));
        probe.Room = Task.CompletedTask;
        room.SetResult();
        await peer.SendAsync([1, 2]);

        Assert.Equal([1, 2], (await probe.NextMessageAsync(known)).Payload.ToArray());
        Assert.Equal(0, probe.Settings.Refused.Total);
    }

    [Fact]
    public async Task Who_sends_more_than_it_may_waits()
    {
        await using var probe = Bound(new ZmtpLimits { MessagesPerSecond = 10 });
        using var fast = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();
        await fast.SendAsync([.. Enumerable.Repeat(RawPeer.Frame([1]), 30).SelectMany(frame => frame)]);
        for (var i = 0; i < 10; i++) await probe.NextMessageAsync(peer);

        var begun = probe.Clock.GetTimestamp();

        for (var i = 0; i < 20; i++)
        {
            await Eventually.IsTrueAsync(() => probe.HasMessageOf(peer), probe.Clock, TimeSpan.FromMilliseconds(20));
            await probe.NextMessageAsync(peer);
        }

        Assert.True(probe.Clock.GetElapsedTime(begun) >= TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, probe.Dropped);
    }

    [Fact]
    public async Task Or_what_is_too_much_is_dropped_and_counted()
    {
        await using var probe = Bound(new ZmtpLimits { MessagesPerSecond = 10, OverRate = RateExcess.Drop });
        using var fast = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();

        await fast.SendAsync([.. Enumerable.Range(0, 30).SelectMany(n => RawPeer.Frame([(byte)n]))]);

        await Eventually.IsTrueAsync(() => probe.Dropped == 20);
        for (var n = 0; n < 10; n++) Assert.Equal([(byte)n], (await probe.NextMessageAsync(peer)).Payload.ToArray());
        Assert.Equal(30, peer.Traffic.MessagesIn);
        Assert.Equal(0, probe.Settings.Refused.Total);
    }

    [Fact]
    public async Task Other_limits_are_in_force_at_once_and_end_only_who_may_not_connect_any_more()
    {
        Assert.True(ZmtpEndpoint.TryParse("tcp://127.0.0.2:0", EndpointUse.Bind, out var second, out _));
        await using var probe = PeerProbe.Bound(PeerSocketType.Pull, settings => settings with { Bind = [.. settings.Bind, second] });
        using var one = await RawPeer.IntroducedAsync(probe, "PUSH");
        var peer = await probe.NextPeerAsync();
        var endpoint = probe.Endpoint;

        probe.Socket.Change(probe.Settings with { Limits = new ZmtpLimits { Connections = 1, Frames = 1, AllowFrom = [IPNetwork.Parse("127.0.0.0/8")] } });
        await AssertRefusedAsync(probe);
        await Eventually.IsTrueAsync(() => probe.Refused(Refusals.Connections) == 1);
        Assert.Equal(endpoint, probe.Endpoint);
        await one.SendAsync(RawPeer.Frame([1]));
        await probe.NextMessageAsync(peer);

        probe.Socket.Change(probe.Settings with { Limits = new ZmtpLimits { AllowFrom = [Elsewhere] } });

        var (ended, end) = await probe.NextEndAsync();
        Assert.Same(peer, ended);
        Assert.Equal(Refusals.Address, end.Refusal);
        await one.ReceiveToEndAsync();
    }

    /// <summary>Connects, and is refused before anything is said.</summary>
    private static async Task AssertRefusedAsync(PeerProbe probe)
    {
        try
        {
            using var stranger = await RawPeer.ConnectAsync(probe);
            Assert.Empty(await stranger.ReceiveToEndAsync());
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // That was quick.
        }
    }

    private static PeerProbe Bound(ZmtpLimits limits) => PeerProbe.Bound(PeerSocketType.Pull, settings => settings with { Limits = limits });
}
