namespace MessageRouter.Zmtp;

/// <summary>
/// Gathers messages of one frame into a batch that takes 8 bytes for each beside its payload. Payloads that lie one after the other in an array are cheapest, and
/// cheaper still where the header of ZMTP stands before each of them, since neighbours are then written together.
/// </summary>
public sealed class ZmtpBatchBuilder
{
    private readonly Payloads.Builder _payloads = new();

    /// <summary>The most messages of a batch.</summary>
    public const int MostMessages = Payloads.Most;

    /// <summary>How many messages were added.</summary>
    public int Count => _payloads.Count;

    /// <summary>Adds a message, whose bytes must not change any more.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="MostMessages"/> already.</exception>
    public void Add(ReadOnlyMemory<byte> payload)
    {
        if (Count == MostMessages) throw new InvalidOperationException($"A batch has {MostMessages} messages at most.");
        _payloads.Add(payload);
    }

    /// <summary>Makes a batch of what was added, and begins anew.</summary>
    public ZmtpBatch Build()
    {
        var payloads = _payloads.Take();
        return new ZmtpBatch(payloads, 0, payloads.Count);
    }
}
