namespace MessageRouter.Cli.Running;

/// <summary>A signal that comes while a node's configuration is still read: there is nothing to stop, and code of a plug-in may never come back.</summary>
internal static class EarlyStop
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Listens until the result is disposed, or somebody else does.</summary>
    /// <param name="surroundings">What is listened to.</param>
    /// <param name="exitCode">What the process ends with: a node that never was has ended well, a question has no answer.</param>
    public static IDisposable? Watch(Surroundings surroundings, int exitCode = ExitCode.Done) => !surroundings.OwnsProcess ? null : surroundings.Signals.Listen(
        stop: () =>
        {
            surroundings.Error.WriteLine("Stopped while the configuration was read; nothing was started.");
            ProcessEnd.Now(exitCode, Patience);
        },
        reopen: () => { });
}
