using MessageRouter.Client.Logging;

namespace MessageRouter.Client;

/// <summary>A message that is written when it leaves, and not on the thread that sends it: nothing that it is made of may change.</summary>
internal abstract class DeferredMessage(int size)
{
    /// <summary>The bytes that it counts as while it waits.</summary>
    public int Size => size;

    /// <summary>The one that was added after it, where both wait in the same place.</summary>
    public DeferredMessage? Next { get; set; }

    /// <summary>Writes it.</summary>
    /// <param name="flaws">Where it counts if something of it is not as it was.</param>
    /// <returns>Its bytes, good until this thread writes the next one.</returns>
    public abstract ReadOnlyMemory<byte> Write(EventFlaws flaws);
}
