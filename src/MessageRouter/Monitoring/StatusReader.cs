using System.Reflection;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.Workers;

namespace MessageRouter.Monitoring;

/// <summary>Puts a node's status together from what stands in its cells and its history. Callable from any thread.</summary>
internal sealed class StatusReader(Topology topology, Workforce workforce, NodeHistory history, TimeProvider clock)
{
    public static readonly string Version =
        typeof(StatusReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly ComponentState _states = new(topology);

    public NodeStatus Read(string state, string? drainsWaitingFor, DateTimeOffset startedAt, TimeSpan uptime)
    {
        var cells = topology.Counted;
        var components = cells.Select(Component).ToList();
        var lines = EdgeLine.Of(cells, components).ToList();
        var edges = lines.Select(edge => Edge(edge.Line, edge.Edges)).ToList();
        return new NodeStatus
        {
            Node = topology.Definition.Name,
            Epoch = topology.Epoch,
            Version = Version,
            State = state,
            DrainsWaitingFor = drainsWaitingFor,
            StartedAt = startedAt,
            UptimeSeconds = Math.Round(uptime.TotalSeconds, 3),
            Configuration = new ConfigurationStatus(topology.Definition.Files, topology.Definition.ConfigurationHash) { Revision = topology.Revision },
            Components = components,
            Edges = edges,
            Processes = workforce.Lines(),
            SecurityProblems = topology.SecurityProblems,
            Memory = new MemoryStatus(topology.Memory.Waiting, topology.Memory.Limit, topology.Memory.IsFull),
            Process = history.Process.Status(),
            Balanced = LedgerSnapshot.IsBalanced(components, [.. lines.Select(edge => edge.Line)]),
        };
    }

    private ComponentStatus Component(ComponentCell cell)
    {
        var mailbox = cell.Mailbox;
        var line = ComponentLine.Of(cell);

        // Not under the history's lock: there may be thousands, each asked by itself.
        var connections = cell.Connections?.Invoke();
        var failed = cell.LastToFail;
        return history.Of(cell, series => new ComponentStatus(line)
        {
            Role = cell.Definition.Role.Word(),
            To = cell.RetiredIn is null ? [.. cell.Definition.To.Select(FullName)] : [],
            Stream = (cell.Definition.Options as IStreamEnd)?.Stream,
            State = ComponentState.Of(cell),
            WaitingFor = _states.WaitsFor(cell),
            BackingOffSeconds = cell.OpensAgainAt is { } at ? Math.Round(Math.Max(0, clock.GetElapsedTime(clock.GetTimestamp(), at).TotalSeconds), 1) : null,
            BusySeconds = cell.BusySince is { } since ? Math.Round(clock.GetElapsedTime(since).TotalSeconds, 1) : null,
            LastError = failed.LastError,
            LastErrorAt = failed.LastErrorAt,
            Place = cell.Definition.Origin?.ToString(),
            Mailbox = new MailboxStatus
            {
                Queued = mailbox.Queued,
                Capacity = mailbox.Capacity,
                Bytes = mailbox.Bytes,
                MaxBytes = mailbox.MaxBytes,
                Fill = Math.Round(FillOf(mailbox), 3),
                OldestSeconds = line.Queued == 0 ? null : Oldest(line, series),
                FullSeconds = series?.FullSeconds is > 0 and var full ? full : null,
            },
            InRate = Rates.Of(series?.In),
            OutRate = Rates.Of(series?.Out),
            FailedRate = Rates.Of(series?.Failed),
            DroppedRate = series is null ? [] : series.DroppedBy.ToDictionary(pair => pair.Key, pair => Rates.Of(pair.Value)),
            Refused = cell.Counts.Refused?.Snapshot(),
            Connections = connections,
        });
    }

    /// <summary>How full a mailbox is, in messages or bytes, whichever is more: 0 to 1.</summary>
    public static double FillOf(BoundedMailbox mailbox) => Math.Min(1, Math.Max((double)mailbox.Queued / mailbox.Capacity, (double)mailbox.Bytes / mailbox.MaxBytes));

    /// <summary>Messages leave in the order in which they came: the one that waits longest came when so many had come as have left since.</summary>
    public static double? Oldest(ComponentLine line, NodeHistory.ComponentSeries? series) =>
        series?.Kept.SecondsSince(line.In + line.Created - line.Dropped.Values.Sum() - line.Queued) is { } seconds ? Math.Round(seconds, 1) : null;

    private EdgeStatus Edge(EdgeLine line, IReadOnlyList<Edge> edges) =>
        history.Of(line.From, line.To, series => new EdgeStatus
        {
            From = line.From,
            To = line.To,
            NotConnected = line.NotConnected,
            Offered = line.Offered,
            Dropped = line.Dropped,
            Waiting = edges.Sum(edge => edge.Waiting.Value),
            Delivered = line.Offered - line.Dropped.Values.Sum() - edges.Sum(edge => edge.Waiting.Value),
            Rate = Rates.Of(series?.Offered),
            DroppedRate = Rates.Of(series?.Dropped),
        });

    /// <summary>What a component that is no more sent to may be no more either.</summary>
    private string FullName(string name) => topology.Counted.FirstOrDefault(cell => cell.Definition.Name == name)?.Name ?? name;
}
