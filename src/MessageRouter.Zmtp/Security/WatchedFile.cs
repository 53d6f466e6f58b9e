namespace MessageRouter.Zmtp.Security;

/// <summary>
/// What is read from a file or folder, and read again when that changes, four times a second looked at, as long as anybody watches it. A change that cannot be
/// used leaves what was read last in force, and is said.
/// </summary>
/// <typeparam name="T">What is read: never changed, and equal to what means the same.</typeparam>
internal sealed class WatchedFile<T>
    where T : class
{
    /// <summary>So that what was taken off is gone within a second, with the time it takes to end connections.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>How old what was read may be for whoever is about to be turned away.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly Func<T> _read;
    private readonly Lock _looking = new();
    private readonly Lock _watching = new();
    private int _watchers;
    private ITimer? _timer;
    private FileLook _look;
    private long _lookedAt;
    private string? _suspected;
    private volatile string? _problem;
    private volatile T _current;

    /// <summary>Reads it for the first time.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="read">Reads it; throws <see cref="SecurityFileException"/> where it cannot be used.</param>
    /// <param name="clock">The clock of the looks.</param>
    /// <exception cref="SecurityFileException">It cannot be used.</exception>
    public WatchedFile(string path, Func<T> read, TimeProvider clock)
    {
        (_path, _read, Clock) = (path, read, clock);
        _look = FileLook.At(path);
        _current = read();
    }

    /// <summary>The clock of the looks; it may change before anybody watches.</summary>
    public TimeProvider Clock { get; set; }

    /// <summary>What was read last that can be used.</summary>
    public T Current => _current;

    /// <summary>Why what is there now is not in force, as a sentence; null where it is.</summary>
    public string? Problem => _problem;

    /// <summary>Raised after something else is in force, with what was, on the thread that looks.</summary>
    public event Action<T>? Changed;

    /// <summary>Raised after <see cref="Problem"/> has changed.</summary>
    public event Action? ProblemChanged;

    /// <summary>Looks from now on.</summary>
    public void Watch()
    {
        lock (_watching)
        {
            if (_watchers++ == 0) _timer = Clock.CreateTimer(_ => Look(), null, TimeSpan.Zero, Step);
        }
    }

    /// <summary>Does not look any more, when everybody who did has said so.</summary>
    public void Leave()
    {
        lock (_watching)
        {
            if (--_watchers > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>What is there at this moment, for who was not found in what was read: whoever has been added may be connecting already.</summary>
    public T Latest()
    {
        bool isWatched;
        lock (_watching) isWatched = _timer is not null;
        if (isWatched && Clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= Fresh) Look();
        return _current;
    }

    /// <summary>A look that takes longer than the step, on a network drive that does not answer, is not begun twice.</summary>
    private void Look()
    {
        if (!_looking.TryEnter()) return;
        try
        {
            Volatile.Write(ref _lookedAt, Clock.GetTimestamp());
            var look = FileLook.At(_path);
            if (look.Same(_look) && _suspected == _problem && !look.IsYoung) return;
            _look = look;
            Read();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Read()
    {
        T next;
        try
        {
            next = _read();
        }
        catch (SecurityFileException exception)
        {
            Suspect(exception.Message);
            return;
        }
        _suspected = null;
        Say(null);
        var before = _current;
        if (next.Equals(before)) return;
        _current = next;
        Changed?.Invoke(before);
    }

    /// <summary>What is wrong at two looks is: at one it may be half written.</summary>
    private void Suspect(string problem)
    {
        if (_suspected == problem) Say(problem);
        else _suspected = problem;
    }

    private void Say(string? problem)
    {
        if (_problem == problem) return;
        _problem = problem;
        ProblemChanged?.Invoke();
    }
}
