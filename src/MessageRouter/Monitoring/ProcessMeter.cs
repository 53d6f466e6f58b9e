using System.Globalization;
using System.IO.Enumeration;

namespace MessageRouter.Monitoring;

/// <summary>What the process takes of the machine. The share of a processor is that since the last sample but one.</summary>
internal sealed class ProcessMeter
{
    private readonly Lock _lock = new();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _at = TimeProvider.System.GetTimestamp();
    private double _share;

    /// <remarks>By the real clock: a processor knows no other.</remarks>
    public void Sample()
    {
        lock (_lock)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(_at);
            if (elapsed < TimeSpan.FromMilliseconds(500)) return;
            var cpu = Environment.CpuUsage.TotalTime;
            _share = (cpu - _cpu) / elapsed;
            (_cpu, _at) = (cpu, TimeProvider.System.GetTimestamp());
        }
    }

    public ProcessStatus Status()
    {
        double share;
        lock (_lock) share = _share;
        var memory = GC.GetGCMemoryInfo();
        return new ProcessStatus
        {
            Pid = Environment.ProcessId,
            CpuSeconds = Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 3),
            Cpu = Math.Round(share, 4),
            MemoryBytes = Environment.WorkingSet,
            HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            Collections = GC.CollectionCount(0),
            CollectionPauseSeconds = Math.Round(GC.GetTotalPauseDuration().TotalSeconds, 4),
            LastCollectionPauseSeconds = memory.PauseDurations.Length > 0 ? Math.Round(memory.PauseDurations[0].TotalSeconds, 4) : 0,
            Threads = Threads(),
            OpenFiles = OpenFiles(),
        };
    }

    private static int Threads()
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Threads:", StringComparison.Ordinal));
            if (line is not null) return int.Parse(line["Threads:".Length..], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // Not on this system.
        }
        return ThreadPool.ThreadCount;
    }

    /// <remarks>Linux has the number as the size of that folder since 6.2. To count what is in it takes a hundred milliseconds where there are thousands of connections.</remarks>
    private static int? OpenFiles()
    {
        try
        {
            if (!Directory.Exists("/proc/self/fd")) return null;
            var sizes = new FileSystemEnumerable<long>("/proc/self", (ref entry) => entry.Length) { ShouldIncludePredicate = (ref entry) => entry.FileName is "fd" };
            return sizes.FirstOrDefault() is > 0 and var size ? (int)size : Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
