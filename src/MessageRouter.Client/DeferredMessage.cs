using MessageRouter.Client.Logging;

namespace MessageRouter.Client;

/// <summary>A message that is written when it leaves, and not on the thread that sends it: nothing that it is made of may change. It waits in a place that is used again.</summary>
internal interface IDeferredMessage
{
    /// <summary>The bytes that it counts as while it waits.</summary>
    int Size { get; }

    /// <summary>Writes it.</summary>
    /// <param name="flaws">Where it counts if something of it is not as it was.</param>
    /// <returns>Its bytes, good until this thread writes the next one.</returns>
    ReadOnlyMemory<byte> Write(EventFlaws flaws);
}

/// <summary>Where such a message waits.</summary>
internal readonly record struct DeferredMessage(DeferredPlaces Places, int Place)
{
    /// <inheritdoc cref="IDeferredMessage.Size"/>
    public int Size => Places.SizeAt(Place);

    /// <summary>Writes it, once.</summary>
    /// <inheritdoc cref="IDeferredMessage.Write"/>
    public ReadOnlyMemory<byte> Write(EventFlaws flaws) => Places.Write(Place, flaws);

    /// <summary>It will not be written.</summary>
    public void Drop() => Places.Drop(Place);
}
