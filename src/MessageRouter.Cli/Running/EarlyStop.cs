namespace MessageRouter.Cli.Running;

/// <summary>A signal that comes while a node's configuration is still read: there is nothing to stop, and code of a plug-in may never come back.</summary>
internal static class EarlyStop
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Listens until the result is disposed, or somebody else does.</summary>
    public static IDisposable? Watch(Surroundings surroundings) => !surroundings.OwnsProcess ? null : surroundings.Signals.Listen(
        stop: () =>
        {
            surroundings.Error.WriteLine("Stopped while the configuration was read; nothing was started.");
            ProcessEnd.Now(ExitCode.Done, Patience);
        },
        reopen: () => { });
}
