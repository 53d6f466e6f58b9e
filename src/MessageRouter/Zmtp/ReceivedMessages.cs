namespace MessageRouter.Zmtp;

/// <summary>Gathers what a peer has sent. Messages of one frame stay plain payloads until one of several frames is among them.</summary>
/// <param name="format">What the payloads are.</param>
internal sealed class ReceivedMessages(MessageFormat format)
{
    private readonly PlainMessages.Builder _payloads = new();
    private readonly List<Message> _messages = [];

    public int Count => _payloads.Count + _messages.Count;

    /// <summary>Whether all are nothing but payloads by now.</summary>
    public bool ArePlain => _messages.Count == 0;

    public void Add(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>[] leadingFrames)
    {
        if (leadingFrames.Length == 0 && _messages.Count == 0)
        {
            _payloads.Add(payload);
            return;
        }
        if (_payloads.Count > 0)
        {
            _messages.AddRange(_payloads.Take(format).Messages);
        }
        _messages.Add(new Message(payload, format, leadingFrames));
    }

    /// <summary>Adds a payload where all <see cref="ArePlain"/>.</summary>
    public void Add(byte[] chunk, ushort start, int length) => _payloads.Add(chunk, start, length);

    /// <summary>Takes them all, in order.</summary>
    public MessageBatch Take()
    {
        if (_messages.Count == 0) return MessageBatch.Of(_payloads.Take(format));
        var batch = MessageBatch.Of(_messages);
        _messages.Clear();
        return batch;
    }
}
