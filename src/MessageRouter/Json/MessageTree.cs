using Newtonsoft.Json.Linq;

namespace MessageRouter.Json;

/// <summary>A payload that was given as a tree and is written once, when its bytes are needed or the message is to wait.</summary>
internal sealed class MessageTree(JToken body)
{
    private volatile JToken? _body = body;
    private volatile byte[]? _written;

    public ReadOnlyMemory<byte> Written
    {
        get
        {
            // In this order: another thread may be writing it.
            if (_body is not { } body) return _written;
            var written = _written ??= JsonTree.Write(body);

            // A tree is many times as large as its text.
            _body = null;
            return written;
        }
    }
}
