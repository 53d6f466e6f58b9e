using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>Watches a node for as long as somebody looks, also when it ends and another process takes its place: it is found again by its name.</summary>
internal sealed class NodeWatch(NodeChoice choice, Surroundings surroundings)
{
    /// <summary>How often a node that is gone is looked for.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private ControlClient? _client;
    private string _name = "";

    /// <summary>Told a status each second, with the node's health where that is known.</summary>
    public required Action<NodeStatus, NodeHealth?> Seen { get; init; }

    /// <summary>Told when the node does not answer any more.</summary>
    public required Action Lost { get; init; }

    /// <summary>Finds the node.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public async Task<NodeStatus> FindAsync(CancellationToken cancellation)
    {
        _client = ControlClient.Connect(choice, surroundings);
        var status = await _client.StatusAsync(cancellation);
        _name = status.Node;
        return status;
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_client is { } client)
            {
                try
                {
                    await foreach (var status in client.StatusesAsync(cancellation)) Seen(status, await HealthAsync(client, cancellation));
                }
                catch (CommandException exception) when (exception.ExitCode != ExitCode.NotPermitted)
                {
                    // It has ended, or hangs.
                }
                await client.DisposeAsync();
                _client = null;
                Lost();
            }
            await Task.Delay(Look, TimeProvider.System, cancellation);
            _client = Again();
        }
    }

    /// <returns>Null where a node has none, as one of an earlier version.</returns>
    private static async Task<NodeHealth?> HealthAsync(ControlClient client, CancellationToken cancellation)
    {
        try
        {
            return NodeHealth.Of(await client.HealthJsonAsync(cancellation));
        }
        catch (CommandException)
        {
            return null;
        }
    }

    /// <summary>The node of the same name that was started last; null where there is none.</summary>
    private ControlClient? Again()
    {
        try
        {
            if (choice.Control is not null) return ControlClient.Connect(choice, surroundings);
            return NodeFinder.Named(_name, surroundings).MaxBy(File.GetLastWriteTimeUtc) is { } socket ? ControlClient.At(socket) : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }
}
