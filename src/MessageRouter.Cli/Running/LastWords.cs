namespace MessageRouter.Cli.Running;

/// <summary>
/// Ends the process when a thread fails that is not the node's own: ZeroMQ's threads cannot be supervised. Without
/// this the runtime would abort it without a ledger.
/// </summary>
internal sealed class LastWords : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly FinalLedger _ledger;
    private readonly TextWriter _error;
    private int _said;

    public LastWords(FinalLedger ledger, TextWriter error)
    {
        _ledger = ledger;
        _error = error;
        AppDomain.CurrentDomain.UnhandledException += End;
    }

    public void Dispose() => AppDomain.CurrentDomain.UnhandledException -= End;

    private void End(object sender, UnhandledExceptionEventArgs failure)
    {
        if (Interlocked.Exchange(ref _said, 1) != 0)
        {
            // Another thread is at it already; returning would abort the process before it has finished.
            new ManualResetEventSlim().Wait(Timeout.Infinite);
        }
        try
        {
            _error.WriteLine(
                "error: a thread outside the node's control has failed, so the process cannot go on. A peer may have sent what the "
                + $"ZeroMQ implementation cannot handle, or a plug-in has failed on a thread of its own. The failure: {failure.ExceptionObject}");
            _ledger.Publish(Patience);
        }
        finally
        {
            ProcessEnd.Now(ExitCode.Internal, Patience);
        }
    }
}
