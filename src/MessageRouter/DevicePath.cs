namespace MessageRouter;

/// <summary>Tells paths of files from those of devices and of what a process has open, such as <c>/dev/stdin</c> or a shell's <c>&lt;(…)</c>.</summary>
internal static class DevicePath
{
    public static bool Is(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
