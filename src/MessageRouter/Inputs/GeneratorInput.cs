using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.Inputs;

/// <summary>
/// Makes messages of a template: for trying a configuration out, for demonstrations and for measuring. It makes a batch
/// only when its last one has gone on, so that it neither floods the node nor keeps it from stopping. Time for which
/// the node held it back does not count for the rate.
/// </summary>
internal sealed class GeneratorInput(GeneratorInput.Options options) : InputActor
{
    private const int LargestBatch = 500;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    private Options _options = options;
    private MessageTemplate _template = MessageTemplate.Parse(options.Template);
    private Tick? _tick;
    private ITimer? _timer;
    private long _startedAt;
    private long? _heldSince;
    private TimeSpan _held;
    private long _made;

    /// <summary>What it had made when it began to make messages at this rate.</summary>
    private long _madeBefore;

    protected override void Open()
    {
        _startedAt = Clock.GetTimestamp();
        _tick = new Tick();
        Self.Tell(_tick);
    }

    protected override void Change(object options)
    {
        _options = (Options)options;
        _template = MessageTemplate.Parse(_options.Template);
        (_startedAt, _held, _madeBefore) = (Clock.GetTimestamp(), TimeSpan.Zero, _made);
        if (_heldSince is not null) _heldSince = _startedAt;
        if (IsComplete) Intake.Complete();
        else if (_tick is { } tick) MakeDue(tick);
    }

    protected override void Close()
    {
        // A tick that is already on its way is not heard any more.
        _tick = null;
        _timer?.Dispose();
    }

    private protected override bool HandleControl(object message)
    {
        if (message is not Tick tick) return base.HandleControl(message);
        if (tick == _tick) MakeDue(tick);
        return true;
    }

    private protected override void Handle(Delivery delivery)
    {
        base.Handle(delivery);
        if (_tick is { } tick) MakeDue(tick);
    }

    private void MakeDue(Tick tick)
    {
        // While messages wait, this is called again when they are handled.
        if (IsComplete || Cell.Mailbox.Queued > 0) return;
        if (_heldSince is { } since) _held += Clock.GetElapsedTime(since);
        _heldSince = null;

        var running = Clock.GetElapsedTime(_startedAt) - _held;
        var due = _options.Rate == 0 ? LargestBatch : DueBy(running) - (_made - _madeBefore);
        if (due > 0)
        {
            if (!Cell.Outbox.IsEmpty) _heldSince = Clock.GetTimestamp();
            Make(due);
            return;
        }
        var pause = DueTimeOf(_made - _madeBefore) - running;
        _timer?.Dispose();
        _timer = TellLater(tick, pause > ShortestPause ? pause : ShortestPause);
    }

    /// <summary>Hands in the next messages, at most as many as make a batch, find room and are still wanted.</summary>
    private void Make(long atMost)
    {
        if (_options.Count > 0) atMost = Math.Min(atMost, _options.Count - _made);
        var messages = new Message[(int)Math.Min(Math.Min(atMost, LargestBatch), Cell.Mailbox.Capacity)];
        var time = Clock.GetUtcNow();
        var (count, bytes) = (0, 0L);
        var room = Math.Min(Cell.Mailbox.MaxBytes, Cell.Counts.Memory.Room);
        while (count < messages.Length && (count == 0 || bytes < room))
        {
            var message = Intake.NewMessage(_template.Write(++_made, time));
            messages[count++] = message;
            bytes += message.Bytes;
        }
        Intake.TryAdd(new MessageBatch(messages, count));
        if (IsComplete) Intake.Complete();
    }

    private bool IsComplete => _options.Count > 0 && _made >= _options.Count;

    // The first message is due at once. Rounded, so that a message is due at the very time computed for it.
    private long DueBy(TimeSpan running) => (long)Math.Floor(Math.Round(running.TotalSeconds * _options.Rate, 3)) + 1;

    private TimeSpan DueTimeOf(long index) => TimeSpan.FromTicks((long)Math.Ceiling(index / _options.Rate * TimeSpan.TicksPerSecond));

    internal sealed record Options : IPausableInput, IValidatableObject
    {
        [Live]
        [Description("Messages per second on average; 0 for as many as the node takes.")]
        public double Rate { get; init; } = 1;

        [Live]
        [Description("How many messages to make before the input ends; 0 for no end.")]
        public long Count { get; init; }

        [Live]
        [Description($"The text of each message; {MessageTemplate.Placeholders} stand for its number, the time, a number below a million and a level that changes.")]
        public string Template { get; init; } =
            """{"seq":%{seq},"time":"%{time}","level":"%{level}","text":"message %{seq}"}""";

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Rate is not (0 or (>= 0.0001 and <= 1e9)))
                yield return new ValidationResult("must be 0 for no limit or between 0.0001 and 1000000000 messages per second", [nameof(Rate)]);
            if (Count < 0) yield return new ValidationResult("must be 0 for no end or the number of messages", [nameof(Count)]);
            if (!MessageTemplate.TryParse(Template, out _, out var problem)) yield return new ValidationResult(problem, [nameof(Template)]);
        }
    }

    /// <summary>Of one run between opening and closing.</summary>
    private sealed class Tick;
}
