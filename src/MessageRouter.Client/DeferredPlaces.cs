using MessageRouter.Client.Logging;

namespace MessageRouter.Client;

/// <summary>Where the messages of a chunk wait that are written when they leave, and are of one type. The places are used again with the chunk.</summary>
internal abstract class DeferredPlaces
{
    private static int _kinds;

    public abstract int SizeAt(int place);

    public abstract ReadOnlyMemory<byte> Write(int place, EventFlaws flaws);

    public abstract void Drop(int place);

    /// <summary>Begins anew, when nothing waits any more.</summary>
    /// <returns>Whether there are as many places as have turned out to be needed.</returns>
    public abstract bool Empty();

    /// <returns>A number for a type of messages, from 0.</returns>
    protected static int NextKind() => Interlocked.Increment(ref _kinds) - 1;
}

/// <inheritdoc/>
internal sealed class DeferredPlaces<TMessage> : DeferredPlaces
    where TMessage : struct, IDeferredMessage
{
    private const int Fewest = 16, Most = 1024;

    /// <summary>The number of the type.</summary>
    public static readonly int Kind = NextKind();

    /// <summary>How many a chunk is given: twice as many as one had that had too few.</summary>
    private static int _needed = Fewest;

    private readonly TMessage[] _places = new TMessage[_needed];
    private int _used;

    /// <returns>The place; -1 where there is none left.</returns>
    public int Add(in TMessage message)
    {
        if (_used == _places.Length)
        {
            _needed = Math.Min(Most, Math.Max(_needed, 2 * _used));
            return -1;
        }
        _places[_used] = message;
        return _used++;
    }

    public override int SizeAt(int place) => _places[place].Size;

    public override ReadOnlyMemory<byte> Write(int place, EventFlaws flaws)
    {
        try
        {
            return _places[place].Write(flaws);
        }
        finally
        {
            Drop(place);
        }
    }

    // What has gone must not keep anything alive.
    public override void Drop(int place) => _places[place] = default;

    public override bool Empty()
    {
        _used = 0;
        return _places.Length >= _needed;
    }
}
