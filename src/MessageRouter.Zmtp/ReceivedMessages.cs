using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>Gathers what a peer has sent. Messages of one frame stay plain payloads until one of several frames is among them.</summary>
internal sealed class ReceivedMessages
{
    private readonly Payloads.Builder _payloads = new();
    private readonly List<ZmtpMessage> _messages = [];

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
            var payloads = _payloads.Take();
            for (var i = 0; i < payloads.Count; i++) _messages.Add(new ZmtpMessage(payloads.PayloadAt(i)));
        }
        _messages.Add(new ZmtpMessage(payload, leadingFrames));
    }

    /// <summary>Adds a payload where all <see cref="ArePlain"/>.</summary>
    public void Add(byte[] chunk, ushort start, int length) => _payloads.Add(chunk, start, length);

    /// <summary>Takes them all, in order.</summary>
    public ZmtpBatch Take()
    {
        if (_messages.Count == 0)
        {
            var payloads = _payloads.Take();
            return new ZmtpBatch(payloads, 0, payloads.Count);
        }
        var batch = new ZmtpBatch(CollectionsMarshal.AsSpan(_messages));
        _messages.Clear();
        return batch;
    }
}
