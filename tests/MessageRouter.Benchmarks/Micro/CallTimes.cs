using System.Diagnostics;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// The command <c>calls</c>: what logging calls cost where there is room for what they send, how much two threads get to a reader and what processor time all of that takes,
/// callers, sender and reader, and how long single calls of two threads take while nobody is there.
/// </summary>
internal static class CallTimes
{
    private const int Threads = 2;

    /// <summary>Calls after which there is a pause, in which all that they have sent leaves.</summary>
    private const int Burst = 500;

    private const int Bursts = 400;
    private const int Each = 400_000;

    public static async Task RunAsync()
    {
        await using var there = new LoggingApplication(nodeIsThere: true, 2 * Threads * Each, 1L << 30);
        await using var away = new LoggingApplication(nodeIsThere: false, 100_000, 32 << 20);
        Console.WriteLine("call              ns, least   median    bytes    two threads, events/s   CPU ns    away: p50 ns      p99    p99.99");
        await MeasureAsync("TrySend", there, away, each => each.TrySend());
        await MeasureAsync("LoggerMessage", there, away, each => each.LoggerMessage());
        await MeasureAsync("LogInformation", there, away, each => each.LogInformation());
        await MeasureAsync("NLogAsyncFile", there, away, each => each.NLogAsyncFile());
        await MeasureAsync("SerilogAsyncFile", there, away, each => each.SerilogAsyncFile());
        await MeasureAsync("SerilogSeq", there, away, each => each.SerilogSeq(), isByHttp: true);
        await MeasureAsync("SerilogOtlp", there, away, each => each.SerilogOtlp(), isByHttp: true);
    }

    private static async Task MeasureAsync(string name, LoggingApplication there, LoggingApplication away, Action<LoggingApplication> call, bool isByHttp = false)
    {
        await BurstsAsync(there, call, isByHttp);
        var (times, bytes) = await BurstsAsync(there, call, isByHttp);
        times.Sort();
        var (rate, cpu) = (0.0, double.MaxValue);
        for (var round = 0; round < 3; round++)
        {
            var (roundRate, roundCpu) = await RateAsync(there, call, isByHttp);
            (rate, cpu) = (Math.Max(rate, roundRate), Math.Min(cpu, roundCpu));
        }
        var pauses = Pauses(away, call);
        Console.WriteLine($"{name,-16} {times[0],10:0} {times[times.Count / 2],8:0} {bytes,8} {(rate > 0 ? $"{rate:N0}" : "-"),24} {(rate > 0 ? $"{cpu:0}" : "-"),8} {pauses.Percentile(0.5),15:0} {pauses.Percentile(0.99),8:0} {pauses.Percentile(0.9999),9:0}");
    }

    /// <summary>The time of a call in each burst, and the bytes that one takes on its thread.</summary>
    private static async Task<(List<double> Times, long Bytes)> BurstsAsync(LoggingApplication application, Action<LoggingApplication> call, bool isByHttp)
    {
        var times = new List<double>(Bursts);
        var bytes = 0L;
        for (var burst = 0; burst < Bursts; burst++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; n < Burst; n++) call(application);
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Burst);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Burst;
            await application.RestAsync(isByHttp ? Burst : 0);
        }
        return (times, bytes);
    }

    /// <summary>Events a second from the first call of two threads until the reader's machine has the last one, and the processor time of each.</summary>
    private static async Task<(double Rate, double Cpu)> RateAsync(LoggingApplication application, Action<LoggingApplication> call, bool isByHttp)
    {
        var before = application.Sent;
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        OnThreads(() =>
        {
            for (var n = 0; n < Each; n++) call(application);
        });
        await application.RestAsync(isByHttp ? Threads * Each : 0);
        var sent = application.Sent - before;
        return (sent / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalNanoseconds / sent);
    }

    private static Histogram Pauses(LoggingApplication application, Action<LoggingApplication> call)
    {
        var all = new Histogram();
        OnThreads(() =>
        {
            var mine = new long[Each];
            for (var n = 0; n < Each; n++)
            {
                var start = Stopwatch.GetTimestamp();
                call(application);
                mine[n] = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }
            lock (all)
            {
                foreach (var time in mine) all.Add(time);
            }
        });
        return all;
    }

    private static void OnThreads(Action work)
    {
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => work()))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }
}
