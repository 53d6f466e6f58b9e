using System.Diagnostics;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>A named pipe.</summary>
internal static class Pipe
{
    public static void Make(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
    }

    /// <summary>Opens a pipe to write to it; waits until somebody reads.</summary>
    public static Action<ReadOnlySpan<byte>> To(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        var stream = new FileStream(file, FileAccess.Write, bufferSize: 0);
        return stream.Write;
    }
}
