namespace MessageRouter.Zmtp;

/// <summary>Gathers what a peer has sent. Messages of one frame stay plain payloads until one of several frames is among them.</summary>
/// <param name="format">What the payloads are.</param>
internal sealed class ReceivedMessages(MessageFormat format)
{
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private readonly List<Message> _messages = [];

    public int Count => _payloads.Count + _messages.Count;

    public void Add(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] leadingFrames)
    {
        if (leadingFrames.Length == 0 && _messages.Count == 0)
        {
            _payloads.Add(payload);
            return;
        }
        if (_payloads.Count > 0)
        {
            _messages.AddRange(_payloads.Select(plain => new Message(plain, format)));
            _payloads.Clear();
        }
        _messages.Add(new Message(payload, format, leadingFrames));
    }

    /// <summary>Takes them all, in order.</summary>
    public MessageBatch Take()
    {
        var batch = _messages.Count > 0 ? MessageBatch.Of(_messages) : MessageBatch.OfPayloads([.. _payloads], format);
        _payloads.Clear();
        _messages.Clear();
        return batch;
    }
}
