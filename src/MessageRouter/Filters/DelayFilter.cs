using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Mailboxes;

namespace MessageRouter.Filters;

/// <summary>
/// Holds each message for a while and then passes it on, in order. It holds at most as many, and as many bytes, as its mailbox has room
/// for; then the mailbox fills up and its policy applies. A node that stops is not kept waiting.
/// </summary>
internal sealed class DelayFilter(DelayFilter.Options options) : FilterActor, IExplains
{
    private readonly Queue<(Delivery Delivery, long Taken)> _held = new();
    private int _count;
    private long _bytes;
    private ITimer? _timer;

    public IEnumerable<Reason> Explain(Message message) => [new Reason($"each message is held for {TimeText.Of(options.Delay)}", "delay")];

    protected override Message? Filter(Message message) => message;

    protected override void Close() => _timer?.Dispose();

    private protected override void Handle(Delivery delivery)
    {
        var taken = delivery.Batch.Fitting(Math.Min(delivery.Batch.Count, Cell.Mailbox.Capacity - _count), Cell.Mailbox.MaxBytes - _bytes, isEmpty: _count == 0);
        if (taken < delivery.Batch.Count) PutBack([delivery.Skip(taken)]);
        if (taken > 0)
        {
            var held = delivery with { Batch = delivery.Batch.Slice(0, taken) };
            _held.Enqueue((held, Clock.GetTimestamp()));
            _count += taken;
            _bytes += held.Batch.Bytes;
        }
        if (taken < delivery.Batch.Count || _count >= Cell.Mailbox.Capacity || _bytes >= Cell.Mailbox.MaxBytes) Cell.Mailbox.Pause(PauseReasons.Busy);
        if (_held.Count == 1 || Cell.Draining) Release();
    }

    private protected override bool HandleControl(object message)
    {
        if (message is not Due) return base.HandleControl(message);
        Release();
        return true;
    }

    private protected override void HandleEnd() => Release();

    private protected override void HandleDraining() => Release();

    private protected override IEnumerable<Delivery> TakeUnfinished()
    {
        var taken = _held.Select(held => held.Delivery).ToArray();
        _held.Clear();
        (_count, _bytes) = (0, 0);
        return taken;
    }

    private void Release()
    {
        var now = Clock.GetTimestamp();
        var released = false;
        while (_held.TryPeek(out var first))
        {
            var left = Ended || Cell.Draining ? TimeSpan.Zero : options.Delay - Clock.GetElapsedTime(first.Taken, now);
            if (left > TimeSpan.Zero)
            {
                _timer?.Dispose();
                _timer = TellLater(Due.Instance, left);
                break;
            }
            _held.Dequeue();
            _count -= first.Delivery.Batch.Count;
            _bytes -= first.Delivery.Batch.Bytes;
            released = true;
            Finish(first.Delivery.Batch, first.Delivery.Batch.Count, filtered: 0);
        }
        if (released) Cell.Mailbox.Resume(PauseReasons.Busy);
    }

    internal sealed record Options : IValidatableObject
    {
        [Description("How long each message is held; more than 0.")]
        public required TimeSpan Delay { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Delay <= TimeSpan.Zero) yield return new ValidationResult("must be more than 0, such as 500ms or 2s", [nameof(Delay)]);
            else if (Delay.TotalDays > 49) yield return new ValidationResult("must be at most 49 days", [nameof(Delay)]);
        }
    }

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
