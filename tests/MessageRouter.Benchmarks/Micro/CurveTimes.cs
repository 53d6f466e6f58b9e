using System.Diagnostics;
using System.Threading.Channels;
using MessageRouter.Curve;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>The command <c>curve</c>: what sealing and opening one frame takes, and how many handshakes a processor makes.</summary>
internal static class CurveTimes
{
    private const int Rounds = 7;
    private const int Handshakes = 300;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync()
    {
        foreach (var size in new[] { 100, 1000, 10_000 })
        {
            var (seal, open) = Least(size);
            Console.WriteLine($"{size,6} B: seal {seal,7:0} ns, open {open,7:0} ns, both {1e9 / (seal + open),10:0} a second, {size * 1e3 / (seal + open),6:0} MB/s");
        }
        using var keys = CurveKeys.Generate();
        var most = 0.0;
        for (var round = 0; round < Rounds; round++) most = Math.Max(most, await HandshakesAsync(keys));
        Console.WriteLine($"handshakes, both ends in this process: {most:0} a second of processor time");
    }

    private static (double Seal, double Open) Least(int size)
    {
        var key = new byte[32];
        var payload = new byte[size];
        using var sealing = new CurveCipher([.. key], isServer: true, 0, 0);
        using var opening = new CurveCipher([.. key], isServer: false, 0, 0);
        var frames = Enumerable.Range(0, 64).Select(_ => new byte[size + sealing.Overhead]).ToArray();
        var content = new byte[size + 1];
        var (seal, open) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var (sealTicks, openTicks, count) = (0L, 0L, 0L);
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Window; count += frames.Length)
            {
                var start = Stopwatch.GetTimestamp();
                foreach (var frame in frames) sealing.Seal(0, payload, frame);
                var middle = Stopwatch.GetTimestamp();
                foreach (var frame in frames) opening.Open(frame, content);
                openTicks += Stopwatch.GetTimestamp() - middle;
                sealTicks += middle - start;
            }
            seal = Math.Min(seal, sealTicks * 1e9 / Stopwatch.Frequency / count);
            open = Math.Min(open, openTicks * 1e9 / Stopwatch.Frequency / count);
        }
        return (seal, open);
    }

    /// <returns>Handshakes for a second of processor time, of both ends together: a server alone makes about twice as many.</returns>
    private static async Task<double> HandshakesAsync(CurveKeys keys)
    {
        var server = new CurveServer(keys, CurvePeers.Any, null);
        var metadata = PeerMetadata.Of(PeerSocketType.Push, []);
        var client = new CurveClient(CurveKeys.Generate(), keys.Public.ToArray());
        var processor = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Handshakes; i++)
        {
            var both = InMemory.Open();
            var serving = server.ShakeHandsAsync(both.Server, metadata).AsTask();
            await client.ShakeHandsAsync(both.Client, metadata);
            await serving;
        }
        return Handshakes / (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
    }

    private static class InMemory
    {
        public static (HandshakeChannel Client, HandshakeChannel Server) Open()
        {
            var (up, down) = (Channel.CreateUnbounded<byte[]>(), Channel.CreateUnbounded<byte[]>());
            return (new End(down.Reader, up.Writer), new End(up.Reader, down.Writer));
        }

        private sealed class End(ChannelReader<byte[]> from, ChannelWriter<byte[]> to) : HandshakeChannel
        {
            public override string PeerName => "tcp://127.0.0.1:1";

            public override CancellationToken Ended => CancellationToken.None;

            public override ValueTask SendAsync(byte[] frame) => to.WriteAsync(frame);

            public override async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
            {
                var frame = await from.ReadAsync();
                return frame.AsMemory((frame[0] & FrameFlags.Long) == 0 ? FrameFlags.ShortestHeader : FrameFlags.LongestHeader);
            }
        }
    }
}
