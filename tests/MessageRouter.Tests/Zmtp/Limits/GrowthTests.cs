using System.Net;
using System.Text;
using Akka.Actor;
using MessageRouter.Distribution;
using MessageRouter.Mailboxes;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp.Limits;

/// <summary>What strangers can make grow, each of it by whoever does the most of it that he can, and how far it grows.</summary>
public class GrowthTests
{
    private const int Many = 20_000;

    private static readonly ZmtpLimits Limits = new() { Subscriptions = 1000, SubscriptionBytes = 200_000, AllSubscriptionBytes = 1_000_000 };

    /// <summary>What is done, what has grown by then, and how much there may be.</summary>
    public static TheoryData<string, Func<long>, long> Attempts => new()
    {
        { "addresses that come and go", Addresses, Admission.MostAbsent },
        { "connections of one address", () => ConnectionsFrom(_ => IPAddress.Loopback), Limits.ConnectionsPerAddress },
        { "connections of all addresses", () => ConnectionsFrom(n => new IPAddress(n)), Limits.Connections },
        { "handshakes", Handshakes, Limits.Handshakes },
        { "subscriptions of one subscriber", () => Subscriptions(subscribers: 1, n => $"topic-{n}"), Limits.SubscriptionBytes },
        { "the same subscription again and again", () => Subscriptions(subscribers: 1, _ => "topic"), MessageRouter.Zmtp.Subscriptions.Overhead + 5 },
        { "subscriptions of all lengths", () => Subscriptions(subscribers: 1, n => new string('a', n % 4000)), Limits.SubscriptionBytes },
        { "subscriptions of which each begins with the one before", () => Subscriptions(subscribers: 1, n => new string('a', n)), Limits.SubscriptionBytes },
        { "subscriptions of many subscribers", () => Subscriptions(subscribers: 1000, n => $"topic-{n}"), Limits.AllSubscriptionBytes },
        { "properties of a READY", Properties, PeerMetadata.MostProperties },
        { "words that nobody listens to", () => Words(peers: 1), PeerEvents.MostWaiting + 100 + 2 * NodeMemory.Overhead },
        { "words of many that nobody listens to", () => Words(peers: 1000), PeerEvents.MostWaiting + 1000 * (100 + 2 * NodeMemory.Overhead) },
        { "workers that come and go while nobody listens", Passers, PeerEvents.MostOfNobody },
        { "frames of a message", Frames, Limits.Frames },
        { "bytes of a message of which a part has come", Part, 4 << 20 },
    };

    [Theory]
    [MemberData(nameof(Attempts))]
    public void Nothing_grows_beyond_its_bound(string what, Func<long> attempt, long most)
    {
        var grown = attempt();
        Assert.True(grown > 0 && grown <= most, $"{what}: {grown}, and at most {most} is expected");
    }

    private static long Addresses()
    {
        var admission = new Admission(new FakeTimeProvider());
        for (var n = 1; n <= Many; n++)
        {
            admission.Enter(new IPAddress(n), Limits, out var visit);
            admission.Left(visit!);
        }
        return admission.Addresses;
    }

    private static long ConnectionsFrom(Func<int, IPAddress> address)
    {
        var clock = new FakeTimeProvider();
        var admission = new Admission(clock);
        return Enumerable.Range(1, Many).Count(n =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return admission.Enter(address(n), Limits, out _) is null;
        });
    }

    private static long Handshakes()
    {
        var admission = new Admission(new FakeTimeProvider());
        var strangers = 0;
        for (var n = 1; n <= Limits.Connections; n++)
        {
            Assert.Null(admission.Enter(new IPAddress(n), Limits, out var visit));
            strangers++;
            admission.Begin(visit!, (_, _) => strangers--, Limits);
        }
        return strangers;
    }

    private static long Subscriptions(int subscribers, Func<int, string> topic)
    {
        var index = new SubscriptionIndex();
        var limit = new SubscriberLimit(index);
        long most = 0;
        for (var each = 0; each < subscribers; each++)
        {
            var subscriptions = new Subscriptions(index);
            limit.Met(subscriptions, AddressKey.Of(new IPAddress(each)), _ => { });
            for (var n = 0; n < Many / subscribers; n++)
            {
                limit.Heard(subscriptions, [(byte[])[1, .. Encoding.UTF8.GetBytes(topic(n))]], Limits);
                most = Math.Max(most, limit.Bytes);
            }
        }
        return most;
    }

    private static long Properties()
    {
        byte[] one = [1, (byte)'X', 0, 0, 0, 0];
        var kept = 0;
        for (var count = 1; count <= 600; count++)
        {
            try
            {
                kept = PeerMetadata.Parse([.. Enumerable.Repeat(one, count).SelectMany(property => property)]).Properties.Count;
            }
            catch (ZmtpException)
            {
                break;
            }
        }
        return kept;
    }

    private static long Words(int peers)
    {
        var events = new PeerEvents(ActorRefs.Nobody);
        IPeerSink sink = events;
        long waiting = 0;
        foreach (var peer in Enumerable.Range(0, peers).Select(_ => new Quiet()))
        {
            var room = Task.CompletedTask;
            for (var n = 0; n < Many && room.IsCompleted; n++)
            {
                room = sink.Received(peer, new ZmtpBatch(new ZmtpMessage(new byte[100])));
                waiting += 100 + NodeMemory.Overhead;
            }
        }

        // And there is room again when the actor has taken them.
        var last = sink.Received(new Quiet(), new ZmtpBatch(new ZmtpMessage(new byte[100])));
        Assert.False(last.IsCompleted);
        events.Apply(_ => { });
        Assert.True(last.IsCompleted);
        return waiting;
    }

    private static long Passers()
    {
        var events = new PeerEvents(ActorRefs.Nobody);
        for (var n = 0; n < Many; n++)
        {
            var peer = new Quiet();
            events.Connected(peer);
            events.Disconnected(peer, new PeerEnd("It has gone."));
        }
        long left = 0;
        events.Apply(_ => left++);
        return left;
    }

    private static long Frames()
    {
        using var reader = new FrameReader(64 << 10, 16 << 20, takesMessages: true);
        var frames = 0;
        try
        {
            for (; frames < Many; frames++)
            {
                RawPeer.Frame([], more: true).CopyTo(reader.Space);
                reader.Arrived(2);
                Assert.Equal(FrameReader.Found.Nothing, reader.Next());
            }
        }
        catch (ZmtpException problem)
        {
            Assert.Equal(Refusals.Frames, problem.Refusal);
        }
        return frames + 1;
    }

    /// <summary>As many as there may be connections announce a large message, send a part of it, and stop.</summary>
    private static long Part()
    {
        var memory = new PartialMemory(4 << 20);
        var readers = new List<FrameReader>();
        for (var n = 0; n < 1000; n++)
        {
            var reader = new FrameReader(64 << 10, 1 << 20, takesMessages: true, memory.Share(new Stranger()));
            readers.Add(reader);
            RawPeer.LongHeader(1 << 20).CopyTo(reader.Space);
            reader.Arrived(9);
            for (var part = 0; part < 20 && reader.Next() == FrameReader.Found.Nothing; part++) reader.Arrived(Math.Min(50_000, reader.Space.Length));
        }
        var taken = memory.Taken;
        readers.ForEach(reader => reader.Dispose());
        Assert.Equal(0, memory.Taken);
        return taken;
    }

    private sealed class Stranger : IPartialOwner
    {
        public IPAddress Address { get; } = IPAddress.Parse("10.0.0.7");

        public TimeSpan Silence => TimeSpan.Zero;

        public void GiveWay()
        {
        }
    }

    private sealed class Quiet : IPeer
    {
        public string Name => "tcp://10.0.0.7:4711";

        public bool IsAccepted => true;

        public int Unconfirmed => 0;

        public PeerTraffic Traffic => default;

        public void Send(ZmtpBatch batch)
        {
        }

        public void Finish()
        {
        }

        public void Close(string reason)
        {
        }

        public void Disconnect(string reason, string? refusal = null)
        {
        }
    }
}
