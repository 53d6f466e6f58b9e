using System.Runtime.InteropServices;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Running;

/// <summary>
/// What signals mean to a process that runs a node: SIGTERM, SIGINT, SIGQUIT and SIGPWR stop it, SIGHUP has files opened anew, and those that
/// would only kill it are ignored with a word. They are heard from the first listener on to the very end; what comes between two listeners is
/// the later one's.
/// </summary>
/// <param name="error">Where what cannot be said elsewhere is said.</param>
/// <param name="waits">Whether a signal that nobody listens to yet waits for who does, since a node is to run; it ends the process otherwise.</param>
internal sealed class ProcessSignals(TextWriter error, bool waits) : ISignals
{
    private static readonly PosixSignal[] Stopping = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    // Linux's numbers; the names of the others the runtime knows.
    private static readonly (string Name, int Number)[] Meaningless = [("SIGUSR1", 10), ("SIGUSR2", 12), ("SIGALRM", 14), ("SIGVTALRM", 26), ("SIGPROF", 27), ("SIGIO", 29)];

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int PowerFailure = 30;
    private const int FileTooLarge = 25;

    private readonly Lock _lock = new();
    private readonly List<Listener> _listeners = [];
    private readonly List<PosixSignalRegistration> _registrations = [];
    private bool _stopIsWanted;

    /// <summary>Begins to hear, before there is a listener: for a process that is sure to have one.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_registrations.Count == 0) Register();
        }
    }

    public IDisposable Listen(Action stop, Action reopen, Action<string>? say)
    {
        var listener = new Listener(this, stop, reopen, say);
        bool stopAtOnce;
        lock (_lock)
        {
            _listeners.Add(listener);
            stopAtOnce = _stopIsWanted;
            if (_registrations.Count == 0) Register();
        }
        if (stopAtOnce) stop();
        return listener;
    }

    private void Register()
    {
        foreach (var signal in Stopping) On(signal, Stop);
        On(PosixSignal.SIGHUP, () => Current?.Reopen());
        if (!OperatingSystem.IsLinux()) return;
        On((PosixSignal)PowerFailure, Stop);

        // A write then fails as one to a full disk does.
        On((PosixSignal)FileTooLarge, () => { });
        foreach (var (name, number) in Meaningless) On((PosixSignal)number, () => Say($"{name} means nothing here; SIGTERM stops the node, SIGHUP has it open its files anew."));
    }

    private void Say(string text)
    {
        if (Current?.Say is { } say) say(text);
        else error.WriteLine(SafeText.Of(text));
    }

    private void Stop()
    {
        Listener? current;
        lock (_lock)
        {
            current = Current;
            _stopIsWanted |= current is null;
        }
        if (current is not null) current.Stop();
        else if (!waits) ProcessEnd.Now(ExitCode.Interrupted, Patience);
    }

    private Listener? Current
    {
        get
        {
            lock (_lock) return _listeners.LastOrDefault();
        }
    }

    private void On(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));

    private void Remove(Listener listener)
    {
        lock (_lock) _listeners.Remove(listener);
    }

    private sealed class Listener(ProcessSignals signals, Action stop, Action reopen, Action<string>? say) : IDisposable
    {
        public Action Stop { get; } = stop;

        public Action Reopen { get; } = reopen;

        public Action<string>? Say { get; } = say;

        public void Dispose() => signals.Remove(this);
    }
}
