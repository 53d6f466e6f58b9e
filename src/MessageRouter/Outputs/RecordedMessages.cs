namespace MessageRouter.Outputs;

/// <summary>What the <c>test</c> outputs of a host's nodes have received: a singleton of the host.</summary>
public sealed class RecordedMessages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Message>> _byOutput = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The messages up to now of one output, such as <c>outputs.sink</c>, in the order of their arrival.</summary>
    public IReadOnlyList<Message> this[string output]
    {
        get
        {
            lock (_lock) return _byOutput.TryGetValue(output, out var messages) ? [.. messages] : [];
        }
    }

    /// <summary>Done with the messages of an output when it has at least <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<Message>> WaitForAsync(string output, int count, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task added;
            lock (_lock)
            {
                if (_byOutput.TryGetValue(output, out var messages) && messages.Count >= count) return [.. messages];
                added = _added.Task;
            }
            await added.WaitAsync(cancellation);
        }
    }

    internal void Add(string output, ReadOnlySpan<Message> messages)
    {
        TaskCompletionSource added;
        lock (_lock)
        {
            if (!_byOutput.TryGetValue(output, out var list)) _byOutput[output] = list = [];
            list.AddRange(messages);
            added = _added;
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        added.TrySetResult();
    }
}
