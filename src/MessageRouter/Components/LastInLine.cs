using System.Runtime.InteropServices;

namespace MessageRouter.Components;

/// <summary>Makes threads the last to get a processor, on Linux: .NET's own priorities do nothing there.</summary>
internal static class LastInLine
{
    private const int OneThread = 0;
    private const int Lowest = 19;

    /// <param name="thread">The system's number of a thread of this process; 0 for the one that calls.</param>
    public static void Put(int thread = 0)
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(OneThread, thread, Lowest);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int thread, int priority);
}
