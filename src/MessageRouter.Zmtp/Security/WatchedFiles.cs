namespace MessageRouter.Zmtp.Security;

/// <summary>
/// What is read from files and folders, and read again when these change, four times a second looked at, as long as anybody watches them. What cannot be
/// used leaves what was read last in force, and is said.
/// </summary>
/// <typeparam name="T">What is read: never changed, and equal to what means the same.</typeparam>
internal sealed class WatchedFiles<T>
    where T : class
{
    /// <summary>So that what was taken off is gone within a second, with the time it takes to end connections.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>How old what was read may be for whoever is about to be turned away.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(50);

    /// <summary>A look is followed by a pause of so many times its length, before another one is begun for who is about to be turned away.</summary>
    private const int MostOften = 10;

    private readonly IReadOnlyList<string> _paths;
    private readonly Func<T?, FileReading<T>> _read;
    private readonly Lock _looking = new();
    private readonly Lock _watching = new();
    private int _watchers;
    private ITimer? _timer;
    private FileLook _look;
    private long _lookedAt;
    private long _freshFor = Fresh.Ticks;
    private IReadOnlyList<string> _suspected = [];
    private volatile IReadOnlyList<string> _problems = [];
    private volatile T _current;

    /// <summary>Reads them for the first time.</summary>
    /// <param name="paths">The files and folders; none for what never changes.</param>
    /// <param name="read">Reads them, and is given what is in force, null the first time; throws <see cref="SecurityFileException"/> where nothing of them can be used, and then for anything that cannot.</param>
    /// <param name="clock">The clock of the looks.</param>
    /// <exception cref="SecurityFileException">Something cannot be used.</exception>
    public WatchedFiles(IReadOnlyList<string> paths, Func<T?, FileReading<T>> read, TimeProvider clock)
    {
        (_paths, _read, Clock) = (paths, read, clock);
        _look = FileLook.At(paths);
        _current = read(null).Content;
    }

    /// <summary>The clock of the looks; it may change before anybody watches.</summary>
    public TimeProvider Clock { get; set; }

    /// <summary>What was read last that can be used.</summary>
    public T Current => _current;

    /// <summary>Why what is there now is not in force, or not all of it, each as a sentence; none where it is.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Raised after something else is in force, with what was, on the thread that looks.</summary>
    public event Action<T>? Changed;

    /// <summary>Raised after <see cref="Problems"/> have changed.</summary>
    public event Action? ProblemsChanged;

    /// <summary>Looks from now on.</summary>
    public void Watch()
    {
        lock (_watching)
        {
            if (_watchers++ == 0 && _paths.Count > 0) _timer = Clock.CreateTimer(_ => Look(), null, TimeSpan.Zero, Step);
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
        if (isWatched && Clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= TimeSpan.FromTicks(Volatile.Read(ref _freshFor))) Look();
        return _current;
    }

    /// <summary>A look that takes longer than the step, on a network drive that does not answer, is not begun twice.</summary>
    private void Look()
    {
        // Nor while what it has found is told: who is told may ask.
        if (_looking.IsHeldByCurrentThread || !_looking.TryEnter()) return;
        var begun = Clock.GetTimestamp();
        try
        {
            Volatile.Write(ref _lookedAt, begun);
            var look = FileLook.At(_paths);
            if (look.Same(_look) && _suspected.SequenceEqual(_problems) && !look.IsYoung) return;
            _look = look;
            Read();
        }
        finally
        {
            // Strangers can have it looked at: most of the time is left to others, however large the folder.
            Volatile.Write(ref _lookedAt, Clock.GetTimestamp());
            Volatile.Write(ref _freshFor, Math.Max(Fresh.Ticks, MostOften * Clock.GetElapsedTime(begun).Ticks));
            _looking.Exit();
        }
    }

    private void Read()
    {
        var before = _current;
        var reading = Reading(before);

        // What is wrong at two looks is: at one it may be half written.
        List<string> found = [.. reading.Problems.Distinct()];
        List<string> wrong = [.. found.Intersect(_suspected)];
        _suspected = found;
        Say(wrong);
        if (reading.Content.Equals(before)) return;
        _current = reading.Content;
        Changed?.Invoke(before);
    }

    private FileReading<T> Reading(T before)
    {
        try
        {
            return _read(before);
        }
        catch (SecurityFileException exception)
        {
            return new FileReading<T>(before, [exception.Message]);
        }
    }

    private void Say(IReadOnlyList<string> problems)
    {
        if (_problems.SequenceEqual(problems)) return;
        _problems = problems;
        ProblemsChanged?.Invoke();
    }
}
