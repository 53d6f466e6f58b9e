using MessageRouter.Components;
using MessageRouter.Testing.Time;

namespace MessageRouter.Testing.Running;

/// <summary>Sends in one test what is to be sent to one input, and waits where the input would not read.</summary>
internal sealed class Sender
{
    /// <summary>What is sent within this time is sent at once.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(10);

    private readonly Sending _sending;
    private readonly Intake _intake;
    private readonly (int Messages, long Bytes) _largestBatch;
    private long _sent;
    private bool _isHeldBack;

    /// <param name="sending">What to send.</param>
    /// <param name="intake">The input's door.</param>
    /// <param name="largestBatch">What finds room in every mailbox, so that only what holds them up can have the node drop any.</param>
    public Sender(Sending sending, Intake intake, (int Messages, long Bytes) largestBatch)
    {
        _sending = sending;
        _intake = intake;
        _largestBatch = largestBatch;
        intake.SpaceAvailable += () => _isHeldBack = false;
    }

    public bool HasSentAll => _sent >= _sending.Count;

    /// <summary>When the next message is due; null where there is none, or its input would not read it.</summary>
    public TimeSpan? Due => HasSentAll || _isHeldBack ? null : DueOf(_sent);

    /// <summary>Sends what is due, as much at once as there is room for.</summary>
    public void Send(VirtualTime clock)
    {
        var batch = new List<Message>();
        for (var bytes = 0L; batch.Count < _largestBatch.Messages && bytes < _largestBatch.Bytes && _sent < _sending.Count && DueOf(_sent) <= clock.Elapsed; _sent++)
        {
            var payload = _sending.Payload(_sent + 1, clock.GetUtcNow());
            batch.Add(_intake.NewMessage(payload.Bytes, payload.LeadingFrames, receipt: null, _sending.Peer));
            bytes += batch[^1].Bytes;
        }
        _isHeldBack = true;
        if (_intake.TryAdd(MessageBatch.Of(batch))) _isHeldBack = false;
    }

    private TimeSpan DueOf(long index)
    {
        if (_sending.Rate <= 0) return _sending.At;
        var ticks = (long)(index / _sending.Rate * TimeSpan.TicksPerSecond);
        return _sending.At + TimeSpan.FromTicks(ticks - (ticks % Grain.Ticks));
    }
}
