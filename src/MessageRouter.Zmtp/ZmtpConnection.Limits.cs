using System.Net;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Zmtp;

/// <content>What a peer that has introduced itself may do. Nothing of it is looked at for each message.</content>
internal sealed partial class ZmtpConnection
{
    /// <summary>How long a peer whose message has no room is not read before somebody's connection ends who has not stopped in the middle.</summary>
    internal static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(10);

    private readonly LimitsInForce _limitsInForce;

    /// <summary>Null where there is no limit.</summary>
    private readonly PartialShare? _partial;

    // Of the task that reads.
    private ZmtpLimits _limits = ZmtpLimits.Default;
    private PeerRate? _rate;
    private long _messagesBefore;

    /// <summary>Since when a message is on its way; 0 where none is. Read on any thread.</summary>
    private long _begunAt;

    public IPAddress? Address { get; }

    /// <summary>For how long nothing has been heard of the peer.</summary>
    public TimeSpan Silence => _clock.GetElapsedTime(Volatile.Read(ref _heardAt));

    void IPartialOwner.GiveWay() => End(new NoRoomException());

    /// <summary>For how long a message has been on its way, as far as it was read meanwhile.</summary>
    public TimeSpan Unfinished => Volatile.Read(ref _begunAt) is not 0 and var begunAt ? _clock.GetElapsedTime(begunAt) : TimeSpan.Zero;

    /// <summary>Waits; meanwhile nothing is heard of the peer, whatever it says.</summary>
    private async ValueTask WithoutHearingAsync(Heartbeat heartbeat, Task wait)
    {
        heartbeat.IsDeaf = true;
        Volatile.Write(ref _begunAt, 0);
        await wait;
        _messagesBefore = _messagesIn;
        Volatile.Write(ref _begunAt, _clock.GetTimestamp());
        heartbeat.Heard();
        heartbeat.IsDeaf = false;
    }

    private void FollowLimits()
    {
        var current = _limitsInForce.Current;
        if (ReferenceEquals(current, _limits)) return;
        _limits = current;
        _reader.MostFrames = current.Frames;
        _rate = PeerRate.Of(current, _clock);
    }

    /// <summary>Notes, before more is read, whether a message is on its way and since when.</summary>
    private void NoteUnfinished()
    {
        var begunAt = !_reader.IsUnfinished && _sealed is not { IsUnfinished: true } ? 0
            : _begunAt != 0 && _messagesIn == _messagesBefore ? _begunAt
            : _heardAt;
        _messagesBefore = _messagesIn;
        Volatile.Write(ref _begunAt, begunAt);
    }
}
