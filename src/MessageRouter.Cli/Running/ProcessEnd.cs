using System.Runtime.InteropServices;

namespace MessageRouter.Cli.Running;

/// <summary>Ends the process in bounded time, whatever hangs in it.</summary>
internal static class ProcessEnd
{
    /// <summary>What handlers of the process's end may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static ErrorWriter? _error;

    /// <summary>Has everything that is written to the console's error output not wait for its reader.</summary>
    public static ErrorWriter GuardError(Stream stream)
    {
        _error = new ErrorWriter(stream);
        Console.SetError(_error);
        return _error;
    }

    /// <summary>Lets what was written to the standard error output leave, as long as somebody reads it, and ends the process.</summary>
    /// <param name="exitCode">What it ends with.</param>
    /// <param name="limit">How long the error output may take.</param>
    public static void Now(int exitCode, TimeSpan limit)
    {
        _error?.Finish(patience: limit, limit);

        // Handlers of the end run on this thread, of which any may hang, and so may a second one that ends the process.
        new Thread(() =>
        {
            new ManualResetEventSlim().Wait(Patience);
            if (OperatingSystem.IsWindows()) Environment.FailFast(null);
            else ExitProcess(exitCode);
        })
        { IsBackground = true }.Start();
        Environment.Exit(exitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitProcess(int status);
}
