namespace MessageRouter.Client.Logging;

/// <summary>Closes a client while who closes it goes on. It is the end of the process that waits, for as long as the client may take.</summary>
internal sealed class BackgroundClosing
{
    private readonly MessageClient _client;
    private readonly Lock _lock = new();
    private Task? _closing;
    private bool _isLast;

    /// <param name="client">Open still: what is told of the end of the process only when that has begun is not told at all.</param>
    public BackgroundClosing(MessageClient client)
    {
        _client = client;
        AppDomain.CurrentDomain.ProcessExit += ProcessEnds;
    }

    /// <summary>Begins to close the client. Only when the process has begun to end is it waited for here, since nobody else would any more.</summary>
    public void Begin()
    {
        bool isLast;
        lock (_lock)
        {
            _closing ??= CloseAsync();
            isLast = _isLast;
        }
        if (isLast) Wait();
    }

    /// <summary>Waits for the client, where it is being closed.</summary>
    public void ProcessEnds()
    {
        lock (_lock) _isLast = true;
        Wait();
    }

    private void ProcessEnds(object? sender, EventArgs args) => ProcessEnds();

    private void Wait()
    {
        Task? closing;
        lock (_lock) closing = _closing;
        if (closing is not null) Closing.Wait(new ValueTask(closing), _client.Linger);
    }

    private async Task CloseAsync()
    {
        try
        {
            await _client.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= ProcessEnds;
        }
    }
}
