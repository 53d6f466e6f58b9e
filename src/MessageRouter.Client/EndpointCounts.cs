namespace MessageRouter.Client;

/// <summary>What all clients of one endpoint have counted since the process began, with those that are gone: a counter never falls.</summary>
internal sealed class EndpointCounts
{
    private readonly Lock _lock = new();
    private readonly List<MessageClient> _clients = [];
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private long _sentByClosed;
    private long _cut;
    private long _failed;

    public long Sent
    {
        get
        {
            // Clients are asked outside the lock, since one may hold its own while it closes.
            MessageClient[] clients;
            long sent;
            lock (_lock) (clients, sent) = ([.. _clients], _sentByClosed);
            return sent + clients.Sum(client => client.Statistics.Sent);
        }
    }

    public long Waiting
    {
        get
        {
            MessageClient[] clients;
            lock (_lock) clients = [.. _clients];
            return clients.Sum(client => client.Statistics.Waiting);
        }
    }

    /// <summary>A client that is closed may still be given messages, which it drops: so drops are counted here as they happen.</summary>
    public void Lost(DropReason reason, long count) => Interlocked.Add(ref _dropped[(int)reason], count);

    public void Flawed(bool isCut, bool hasFailed)
    {
        if (isCut) Interlocked.Increment(ref _cut);
        if (hasFailed) Interlocked.Increment(ref _failed);
    }

    public long EventsCut => Volatile.Read(ref _cut);

    public long EventsWithFailures => Volatile.Read(ref _failed);

    public long DroppedBecause(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>A client is there until it is <see cref="Closed"/>.</summary>
    public void Add(MessageClient client)
    {
        lock (_lock) _clients.Add(client);
    }

    /// <summary>A client sends nothing more. What it has lost and could not tell another one tells, where there is one by now: a library that reads its configuration again makes one.</summary>
    public void Closed(MessageClient client)
    {
        var sent = client.Statistics.Sent;
        MessageClient? heir;
        lock (_lock)
        {
            if (_clients.Remove(client)) _sentByClosed += sent;
            heir = _clients.FindLast(other => other.Tells);
        }
        if (!client.HasSuccessor) heir?.TellLossesOf(client);
    }
}
