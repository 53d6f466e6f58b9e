using System.Runtime.InteropServices;

namespace MessageRouter.Cli.Running;

/// <summary>SIGINT and SIGTERM stop, SIGHUP reopens.</summary>
internal sealed class ProcessSignals : ISignals
{
    public IDisposable Listen(Action stop, Action reopen) => new Registrations(
    [
        On(PosixSignal.SIGINT, stop),
        On(PosixSignal.SIGTERM, stop),
        On(PosixSignal.SIGHUP, reopen),
    ]);

    private static PosixSignalRegistration On(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    private sealed class Registrations(PosixSignalRegistration[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var registration in all) registration.Dispose();
        }
    }
}
