using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MessageRouter.Tests.Zmtp.Fuzzing;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.InteropTests;

/// <summary>The same bytes to libzmq and to the own engine: both take the same messages, and where they do not, the own engine is the stricter one, for a reason that is known.</summary>
public sealed class VerdictTests(ITestOutputHelper output) : InteropTest(output)
{
    private const int Batch = 100;
    private const int Batches = 12;

    /// <summary>What libzmq lets pass and the own engine does not, as it is said in the log.</summary>
    private static readonly string[] Stricter =
    [
        "does not speak ZMTP 3", // libzmq speaks the versions before it, in which nobody can be authenticated.
        "older than 3.0",
        "flags that do not exist", // libzmq ignores reserved bits.
        "malformed", // Commands that libzmq does not look into.
        "reports an error", // libzmq goes on after an ERROR when the handshake is done.
        "frames (limits.frames)",
        "max-message-size", // libzmq bounds each frame, here it is the message.
        "4096", // Commands of any size.
        "before it had introduced itself",
        "socket, to which alone", // libzmq checks the types of sockets by a list of its own, which has PAIR and the drafts.
        "wants", "only NULL is spoken",
    ];

    private readonly ITestOutputHelper output = output;

    [SkippableFact]
    public async Task Libzmq_and_the_own_engine_take_the_same_messages_of_the_same_bytes()
    {
        Requires.PyZmq();
        var judge = ZmqScript("verdicts.py");
        var mutator = new Mutator(new Random(1));
        var (same, stricter, lines) = (0, 0, 0);
        await using var own = new OwnVerdicts();
        for (var batch = 0; batch < Batches; batch++)
        {
            var inputs = Enumerable.Range(0, Batch).Select(_ => mutator.Next(Conversations) is { Length: > 0 } some ? some : [0xFF]).ToArray();
            foreach (var input in inputs) await judge.WriteAsync(Convert.ToHexString(input));
            await judge.WriteAsync("");
            var ours = await own.JudgeAsync(inputs);
            lines += Batch;
            var theirs = (await judge.Prints(_ => true, lines, "the verdicts"))[^Batch..];
            for (var i = 0; i < Batch; i++)
            {
                var (isOpen, messages) = (theirs[i].StartsWith("open", StringComparison.Ordinal), theirs[i].Split(' ')[1..]);
                var what = $"{Convert.ToHexString(inputs[i])}\nlibzmq: {theirs[i]}\nown: {ours[i]}";
                Assert.True(isOpen || ours[i].Refusal is not null, $"Only libzmq refuses.\n{what}");
                if (isOpen == ours[i].Refusal is null)
                {
                    Assert.True(!isOpen || messages.SequenceEqual(ours[i].Messages), $"The messages differ.\n{what}");
                    same++;
                    continue;
                }
                Assert.True(Stricter.Any(ours[i].Refusal!.Contains), $"The own engine refuses, and it is not known why.\n{what}");
                Assert.True(messages.Take(ours[i].Messages.Count).SequenceEqual(ours[i].Messages), $"The messages before the refusal differ.\n{what}");
                stricter++;
            }
        }
        output.WriteLine($"{lines} inputs: {same} verdicts are the same, in {stricter} the own engine is stricter.");
        Assert.True(same > lines / 2);
    }

    private static byte[][] Conversations
    {
        get
        {
            byte[] ready = [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 4, .. "PUSH"u8, 8, .. "Identity"u8, 0, 0, 0, 0];
            byte[] start = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48], 4, (byte)ready.Length, .. ready];
            return
            [
                [.. start, 0, 1, 65, 0, 0, 0, 2, 66, 67],
                [.. start, 1, 1, 65, 1, 0, 0, 2, 66, 67, 0, 1, 68],
                [.. start, 2, 0, 0, 0, 0, 0, 0, 1, 44, .. new byte[300], 0, 1, 69],
                [.. start, 4, 9, 4, .. "PING"u8, 0, 9, 1, 2, 0, 1, 70],
            ];
        }
    }

    /// <param name="Messages">Those that were taken, in hexadecimal.</param>
    /// <param name="Refusal">Why the peer was refused; null where it was not.</param>
    private sealed record OwnVerdict(IReadOnlyList<string> Messages, string? Refusal)
    {
        public override string ToString() => $"{Refusal ?? "open"} {string.Join(' ', Messages)}";
    }

    /// <summary>Shows what the own engine makes of bytes: a PULL socket for all of them, each by a connection of its own.</summary>
    private sealed class OwnVerdicts : IPeerSink, IConnectionLog, IAsyncDisposable
    {
        private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400);
        private readonly ConcurrentDictionary<string, List<string>> messages = new();
        private readonly ConcurrentDictionary<string, string> refusals = new();
        private readonly ZmtpEngine engine;
        private readonly IPeerSocket socket;
        private byte batch;

        public OwnVerdicts()
        {
            engine = new ZmtpEngine(_ => this, TimeProvider.System);
            Assert.True(ZmtpEndpoint.TryParse("tcp://127.0.0.1:0", EndpointUse.Bind, out var endpoint, out _));
            socket = engine.Open(new PeerSettings { Name = "test", Socket = PeerSocketType.Pull, Bind = [endpoint], MaxMessageSize = 1000, Limits = new ZmtpLimits { ConnectionsPerSecond = int.MaxValue }, HeartbeatTimeout = TimeSpan.FromSeconds(30) }, this);
        }

        public async Task<OwnVerdict[]> JudgeAsync(byte[][] inputs)
        {
            var port = int.Parse(socket.Endpoints[0].Split(':')[^1]);
            var links = new List<Socket>();

            // A port may come again, an address does not: what is still said of earlier connections is not of these.
            var from = new IPEndPoint(new IPAddress([127, 0, 1, ++batch]), 0);
            foreach (var input in inputs)
            {
                var link = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                link.Bind(from);
                await link.ConnectAsync(IPAddress.Loopback, port);
                links.Add(link);
                try
                {
                    await link.SendAsync(input);
                }
                catch (SocketException)
                {
                    // Refused before the last byte.
                }
            }
            var names = links.Select(link => $"tcp://{link.LocalEndPoint}").ToArray();

            // Whoever is not refused stays, so that there is nothing to wait for but that nothing happens.
            for (var before = -1; before != Happened;)
            {
                before = Happened;
                await Task.Delay(Rest);
            }
            OwnVerdict[] verdicts = [.. names.Select(name => new OwnVerdict(Of(name), refusals.GetValueOrDefault(name)))];
            links.ForEach(link => link.Dispose());
            return verdicts;
        }

        private int Happened => refusals.Count + messages.Values.Sum(list => list.Count);

        private List<string> Of(string name) => messages.GetValueOrDefault(name) ?? [];

        void IPeerSink.Connected(IPeer peer)
        {
        }

        Task IPeerSink.Received(IPeer peer, ZmtpBatch batch)
        {
            var list = messages.GetOrAdd(peer.Name, _ => []);
            foreach (var message in batch)
            {
                var text = string.Join(',', Enumerable.Range(0, message.FrameCount).Select(i => Convert.ToHexString(message.FrameAt(i).Span)));
                list.Add(text.Length == 0 ? "-" : text);
            }
            return Task.CompletedTask;
        }

        void IPeerSink.Written(IPeer peer, int count)
        {
        }

        void IPeerSink.Disconnected(IPeer peer, PeerEnd end) => refusals[peer.Name] = end.Reason;

        void IConnectionLog.Refused(string peer, string reason, string refusal) => refusals[peer] = reason;

        void IConnectionLog.TurnedAway(TurnedAway connection) => refusals[connection.Peer] = connection.ToString();

        void IConnectionLog.NotConnected(string endpoint, string reason)
        {
        }

        void IConnectionLog.NotAccepted(string endpoint, Exception exception)
        {
        }

        void IConnectionLog.Failed(string peer, Exception exception) => refusals[peer] = exception.ToString();

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }
}
