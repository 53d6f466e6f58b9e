using System.Globalization;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>What has arrived at the other end: at a sink, in a file, or of what ends in the node what it has taken.</summary>
/// <param name="counts">The process that counts: the sink, or the source where there is none; null where the messages go to the file.</param>
/// <param name="ends">The ends of the run.</param>
internal sealed class Arrivals(Running? counts, Ends ends)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Beats without another message after which no more will come.</summary>
    private const int Silence = 10;

    /// <summary>Whether they are counted in the file, and so can be when all processes have ended.</summary>
    public bool AreInFile => counts is null;

    /// <summary>How many messages there were, and when that was.</summary>
    public async Task<(long Messages, double Seconds)> CountAsync()
    {
        if (counts is null)
        {
            var file = new FileInfo(ends.File);
            return (file.Exists ? file.Length / (ends.Case.Size + 1) : 0, Clock.Seconds);
        }
        return await counts.CountAsync();
    }

    /// <summary>Waits until the first message is here.</summary>
    public async Task BeginAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while ((await CountAsync()).Messages == 0)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException("no message has arrived");
            await Task.Delay(Beat);
        }
    }

    /// <summary>How long messages were under way since this was asked last: half of them at most, and 99 of 100.</summary>
    public async Task<(double? Half, double? Most)> LatencyAsync()
    {
        var said = await counts!.AskAsync("latency");
        return (Time(said[1]), Time(said[2]));

        static double? Time(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
    }

    /// <summary>Waits until everything that was sent is here, or nothing more comes.</summary>
    /// <returns>How many messages there were in all.</returns>
    public async Task<long> SettleAsync(long sent)
    {
        var last = -1L;
        for (var silent = 0; silent < Silence;)
        {
            var (count, _) = await CountAsync();
            if (count >= sent * ends.Case.Copies) return count;
            silent = count == last ? silent + 1 : 0;
            last = count;
            await Task.Delay(Beat);
        }
        return last;
    }
}
