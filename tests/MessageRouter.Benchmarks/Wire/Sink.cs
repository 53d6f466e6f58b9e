using System.Globalization;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>
/// A process that takes messages and counts them. Commands come by its standard input: <c>count</c> has it say how many
/// there were, with the time; <c>shares</c>, how many of each worker; <c>first</c>, when the first came; <c>latency</c> how long they took since the last time it was asked.
/// </summary>
internal static class Sink
{
    private const int BufferSize = 256 << 10;

    private const int SlowBufferSize = 64 << 10;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(1);

    /// <summary>How long one that takes only so much rests: seldom enough that it takes no processor time from the others.</summary>
    private static readonly TimeSpan SlowBeat = TimeSpan.FromMilliseconds(5);

    /// <param name="ports">Where the router listens; each is a connection of its own, a port may stand more than once. With an @ before it the sink listens there itself.</param>
    /// <param name="type">PULL or SUB.</param>
    /// <param name="rate">Bytes a second that each of them takes at most; 0 for all that come.</param>
    /// <param name="latencies">Whether the times of messages are looked at, which takes time itself.</param>
    public static void Run(string[] ports, string type, long rate, bool latencies)
    {
        var counters = new FrameCounter[ports.Length];
        ZmtpStream.Rehearse();
        Console.WriteLine("waiting");
        var histogram = latencies ? new Histogram() : null;
        for (var i = 0; i < ports.Length; i++)
        {
            var stream = ZmtpStream.Open(ports[i], type);
            var counter = counters[i] = new FrameCounter(stream, rate > 0 ? SlowBufferSize : BufferSize) { Latencies = histogram };
            new Thread(() => Receive(stream, counter, rate)) { IsBackground = true }.Start();
        }
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } command)
        {
            switch (command)
            {
                case "count":
                    Say($"count {counters.Sum(counter => counter.Messages)} {Clock.Microseconds}");
                    break;
                case "shares":
                    Say($"shares {string.Join(' ', counters.Select(counter => counter.Messages))}");
                    break;
                case "first":
                    while (counters[0].FirstAt == 0) Clock.Rest(Beat);
                    Say($"first {counters[0].FirstAt}");
                    break;
                case "latency":
                    Say($"latency {histogram?.Percentile(0.5)} {histogram?.Percentile(0.99)}");
                    histogram?.Clear();
                    break;
            }
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Receive(ZmtpStream stream, FrameCounter counter, long rate)
    {
        // Who is at its end waits until this end has closed too.
        using var closing = stream;
        var began = Clock.Microseconds;
        for (long read = 0; counter.Read() is > 0 and var count;)
        {
            read += count;
            while (rate > 0 && read > (Clock.Microseconds - began) * rate / 1_000_000) Clock.Rest(SlowBeat);
        }
    }
}
