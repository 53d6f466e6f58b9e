using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>Gathers what goes to one connection together.</summary>
internal sealed class Outgoing
{
    private readonly List<MessageBatch> _batches = [];
    private readonly List<Message> _messages = [];

    /// <summary>The number of messages.</summary>
    public int Count { get; private set; }

    public void Add(Message message)
    {
        _messages.Add(message);
        Count++;
    }

    public void Add(MessageBatch batch)
    {
        EndBatch();
        _batches.Add(batch);
        Count += batch.Count;
    }

    /// <summary>Sends everything, in order.</summary>
    public void SendTo(IPeer peer)
    {
        EndBatch();
        foreach (var batch in _batches) peer.Send(batch);
        _batches.Clear();
        Count = 0;
    }

    private void EndBatch()
    {
        if (_messages.Count == 0) return;
        _batches.Add(MessageBatch.Of(_messages));
        _messages.Clear();
    }
}
