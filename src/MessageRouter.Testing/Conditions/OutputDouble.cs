using MessageRouter.Components;
using MessageRouter.Testing.Time;

namespace MessageRouter.Testing.Conditions;

/// <summary>Stands in the place of an output, keeps what it gets, and behaves as a test has given it.</summary>
internal sealed class OutputDouble : OutputActor
{
    private readonly Options _options;
    private readonly Arrivals _arrivals;
    private readonly Queue<Message> _slow = [];

    public OutputDouble(Options options, Arrivals arrivals)
    {
        _options = options;
        _arrivals = arrivals;
        Receive<Turn>(_ => TakeOrWait());
        Receive<Written>(_ => FinishSlow());
    }

    private TimeSpan Elapsed => Clock.GetUtcNow() - VirtualTime.Begin;

    protected override void Open()
    {
        if (_options.HasStarted && Now(condition => condition.Absent)) throw Absence();
        _options.HasStarted = true;
        foreach (var condition in _options.Conditions.Where(condition => condition.Stuck))
        {
            if (condition.From > Elapsed) Timers.StartSingleTimer((condition, 0), Turn.Instance, condition.From - Elapsed);
            if (!condition.IsEndless && condition.Until > Elapsed) Timers.StartSingleTimer((condition, 1), Turn.Instance, condition.Until - Elapsed);
        }
        TakeOrWait();
    }

    protected override void WriteBatch(MessageBatch batch)
    {
        if (Now(condition => condition.Absent)) throw Absence();
        if (_slow.Count == 0 && Slowness == TimeSpan.Zero)
        {
            base.WriteBatch(batch);
            return;
        }
        PauseTaking();
        if (_slow.Count == 0) Timers.StartSingleTimer(_slow, Written.Instance, Slowness);
        foreach (var message in batch.Messages) _slow.Enqueue(message);
    }

    protected override void Write(Message message)
    {
        _options.Faults.Check(message);
        _arrivals.Add(Name, message, Elapsed);
    }

    private void FinishSlow()
    {
        _arrivals.Add(Name, _slow.Dequeue(), Elapsed);
        Delivered(1);
        if (_slow.Count > 0) Timers.StartSingleTimer(_slow, Written.Instance, Slowness);
        else TakeOrWait();
    }

    private void TakeOrWait()
    {
        if (_slow.Count > 0 || Now(condition => condition.Stuck)) PauseTaking();
        else ResumeTaking();
    }

    private TimeSpan Slowness => _options.Conditions.Where(condition => condition.IsAt(Elapsed)).Select(condition => condition.Slow).DefaultIfEmpty().Max();

    private bool Now(Func<OutputCondition, bool> given) => _options.Conditions.Any(condition => given(condition) && condition.IsAt(Elapsed));

    private static IOException Absence() => new("It is absent, as its test has it.");

    /// <summary>What one test gives of the output; it outlives the actor's instances.</summary>
    internal sealed class Options(IReadOnlyList<OutputCondition> conditions, VirtualTime clock)
    {
        public IReadOnlyList<OutputCondition> Conditions => conditions;

        public Faults Faults { get; } = new(conditions, clock);

        public bool HasStarted { get; set; }

        /// <summary>Whether it takes nothing now, and never will.</summary>
        public bool IsStuckForGood(TimeSpan elapsed) => conditions.Any(condition => condition is { IsEndless: true } and ({ Stuck: true } or { Absent: true }) && condition.IsAt(elapsed));
    }

    /// <summary>Something that is given begins or ends.</summary>
    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }

    /// <summary>The message at hand has taken its time.</summary>
    private sealed class Written
    {
        public static readonly Written Instance = new();
    }
}
