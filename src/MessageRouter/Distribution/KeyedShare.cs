namespace MessageRouter.Distribution;

/// <summary>What belongs to one worker of messages that are being divided by key, up to the first for which it has no room.</summary>
internal sealed class KeyedShare
{
    private int[] _places = [];
    private int _room;
    private long _roomInBytes;

    public int Count { get; private set; }

    /// <summary>Where these messages are among those that are divided.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    /// <summary>The worker has room for so many messages more, and for another one as long as there is room for bytes.</summary>
    public void Begin(int room, long roomInBytes) => (Count, _room, _roomInBytes) = (0, room, roomInBytes);

    /// <summary>Adds a message, if there is room for it.</summary>
    public bool TryAdd(int place, long bytes)
    {
        if (Count >= _room || _roomInBytes <= 0) return false;
        if (Count == _places.Length) Array.Resize(ref _places, Math.Max(16, Count * 2));
        _places[Count++] = place;
        _roomInBytes -= bytes;
        return true;
    }

    public void End() => Count = 0;
}
