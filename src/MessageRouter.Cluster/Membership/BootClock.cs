using System.Runtime.InteropServices;

namespace MessageRouter.Cluster.Membership;

/// <summary>A clock that runs on while the machine sleeps and that nobody can set. Only Linux has it for us.</summary>
internal static class BootClock
{
    /// <summary>CLOCK_BOOTTIME.</summary>
    private const int Boot = 7;

    /// <summary>Since some time before the process began, in ticks; null where there is no such clock.</summary>
    public static long? Ticks
    {
        get
        {
            if (!OperatingSystem.IsLinux() || nint.Size != sizeof(long)) return null;
            return GetTime(Boot, out var time) == 0 ? time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick : null;
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
