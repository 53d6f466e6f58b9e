using System.Globalization;
using MessageRouter.Clustering;
using MessageRouter.Control;
using MessageRouter.Ledger;

namespace MessageRouter.Monitoring.Health;

/// <summary>Judges a node by its status.</summary>
internal static class HealthRules
{
    private const string Degraded = "degraded";
    private const string Unhealthy = "unhealthy";

    /// <summary>Restarts of a process that make a crash loop, where it waits for the next one.</summary>
    private const int CrashLoop = 3;

    public static HealthReport Judge(NodeStatus status, HealthOptions thresholds)
    {
        List<HealthFinding> findings =
            [.. Node(status), .. Security(status), .. Cluster(status.Cluster), .. status.Components.SelectMany(component => Component(component, thresholds)), .. Workers(status.Processes)];
        findings = [.. findings.OrderBy(finding => finding.Severity == Unhealthy ? 0 : 1)];
        var worst = findings.Count == 0 ? "healthy" : findings[0].Severity;
        return new HealthReport(worst, status.State == "running" && worst != Unhealthy, findings);
    }

    private static IEnumerable<HealthFinding> Node(NodeStatus status)
    {
        if (status.State == "draining")
        {
            yield return new HealthFinding("router", Degraded, $"The node is stopping; it waits for {status.DrainsWaitingFor ?? "nothing"}.", "It takes no more messages.", "Wait for its end, or stop it once more to end it at once.");
        }
        if (status.Memory.IsFull)
        {
            yield return new HealthFinding(
                "router", Degraded, $"As much waits in the node as `memory.limit` allows ({SizeText.Of(status.Memory.Limit)}); most of it in {Holder(status)}.",
                "Inputs that can wait do; what others bring is dropped, counted as `memory`.", "Give that component more instances or a faster target, or raise `memory.limit`.");
        }
    }

    private static IEnumerable<HealthFinding> Cluster(ClusterStatus? cluster)
    {
        if (cluster is null) yield break;
        if (cluster.State is "joining" or "refused")
        {
            yield return new HealthFinding(
                "cluster", Degraded, $"The node is not one of the cluster {cluster.Name}{(cluster.Problem is { } problem ? $": {problem.TrimEnd('.')}" : "")}.",
                "Streams lead to this node only, and others do not know what it takes.", "Start other nodes of the cluster, or mend what they refuse it for; it is tried on.");
        }
        if (cluster.Members.Where(member => !member.IsReachable).Select(member => member.Name).ToList() is { Count: > 0 } away)
        {
            yield return new HealthFinding(
                "cluster", Degraded, $"{string.Join(", ", away)} {(away.Count == 1 ? "does" : "do")} not answer.", "Unless they come back they are taken to be gone after `split-brain.stable-after`.", "See to these nodes, and to the network between them and this one.");
        }
        if (cluster.Streams.Where(stream => stream.OfferedBy.Count == 0).Select(stream => stream.Name).ToList() is { Count: > 0 } untaken)
            yield return new HealthFinding("cluster", Degraded, $"No node takes {(untaken.Count == 1 ? "the stream" : "the streams")} {string.Join(", ", untaken)}.", "Messages wait, and are dropped by the mailbox's policy when that is full, counted as `no-member`.", "Start a node with an input of that stream, or mend its name.");
        if (cluster.State == "up" && cluster.Singletons.Where(singleton => singleton is { Node: null, Candidates.Count: > 0 } or { State: SingletonStatus.Closed }).Select(singleton => singleton.Name).ToList() is { Count: > 0 } idle)
            yield return new HealthFinding("cluster", Degraded, $"No node is at {string.Join(", ", idle)}, which one node at a time is to be.", "What it would read waits where it comes from, or is lost there.", "Wait: it changes hands, or the nodes that answer are not more than half of all, until those that do not are taken to be gone.");
        foreach (var placed in cluster.Placed.Where(placed => placed.Problem is not null))
            yield return new HealthFinding("cluster", Degraded, $"How many there are of {placed.Name} is not said in one way: {placed.Problem}.", $"There are {placed.Total?.ToString(CultureInfo.InvariantCulture) ?? "as many as was decided"}, as before, until all files say the same.", "Let all nodes have the same `instances.cluster.total`, and reload them.");
        foreach (var singleton in cluster.Singletons.Where(singleton => singleton is { Node: null, Candidates.Count: 0 }))
            yield return new HealthFinding("cluster", Degraded, $"No node has {singleton.Name}: it failed each time on {string.Join(", ", singleton.GivenUpBy)}, and was given up there.", "What it would read waits where it comes from, or is lost there.", "Mend it, by its `last error` there, and reload or restart these nodes.");
        foreach (var stream in cluster.Streams.Where(stream => stream.Problem is not null))
            yield return new HealthFinding("cluster", Degraded, $"The stream {stream.Name} does not keep a key with one node: {stream.Problem}.", "Who feeds it by another key waits, and who feeds it without one gives keys to any node.", "Let all outputs that feed it have the same `route`, `key` and `delivery`.");
    }

    private static IEnumerable<HealthFinding> Security(NodeStatus status) => status.SecurityProblems.Select(problem => new HealthFinding(
        "security", Degraded, $"Who may connect by {problem.List} is not what is said there now: {OneLine(problem.Problem)}",
        "What was said there before is in force, so a key or a user that is to go may still be let in; everything else of the list counts.",
        "Mend that file: it is looked at four times a second, and nothing has to be restarted."));

    private static IEnumerable<HealthFinding> Component(ComponentStatus component, HealthOptions thresholds)
    {
        var culture = CultureInfo.InvariantCulture;
        var because = component.LastError is { } error ? $" The last error: {OneLine(error)}" : "";
        switch (component.State)
        {
            case "stopped":
                yield return new HealthFinding(component.Name, Unhealthy, $"It was stopped by its supervision, or could not be started again after a reload that failed.{because}", "What is sent to it is dropped, counted as `stopped`.", $"Mend the cause and reload the node, which starts it again; `supervision` {At(component)} says when it is given up.");
                break;
            case "set-aside":
                yield return new HealthFinding(component.Name, Unhealthy, $"All of its copies keep failing and are set aside.{because}", "It deals with no message; what comes waits, or is dropped by the mailbox's policy.", "`message-router tap --side failed` shows on what it fails; mend the filter or what it depends on.");
                break;
            case "backing-off":
                yield return new HealthFinding(
                    component.Name, component.Role == "output" ? Unhealthy : Degraded,
                    string.Create(culture, $"It waits {component.BackingOffSeconds ?? 0:0.#} s for its next try; it was restarted {component.Restarts} times.{because}"),
                    "Until then messages wait in its mailbox, and are dropped by its policy when that is full.", "See to what it opens: " + (component.Endpoints.Count > 0 ? string.Join(", ", component.Endpoints) : $"its block {At(component)}") + ".");
                break;
        }
        if (component.Mailbox.FullSeconds is { } full && full >= thresholds.FullFor.TotalSeconds)
        {
            yield return new HealthFinding(
                component.Name, Degraded, string.Create(culture, $"Its mailbox has been full for {full:0} s ({component.Mailbox.Queued} of {component.Mailbox.Capacity} messages, {SizeText.Of(component.Mailbox.Bytes)})."),
                "What comes now is dropped, or held back up to the input, by the mailbox's policy.",
                Remedy(component));
        }
        if (component.BusySeconds is { } busy && busy >= thresholds.BusyFor.TotalSeconds)
        {
            yield return new HealthFinding(
                component.Name, Degraded, string.Create(culture, $"It has been at work on what it took last for {busy:0} s."), "Nothing else passes it meanwhile.", $"Look for a loop or a call without a time limit in its code, {At(component)}.");
        }
        var drops = component.DroppedRate.Where(rate => rate.Value.Minute > thresholds.DropsPerSecond && rate.Value.Minute > 0).OrderByDescending(rate => rate.Value.Minute).ToList();
        if (drops.Count > 0)
        {
            yield return new HealthFinding(
                component.Name, Degraded, $"It dropped {string.Join(", ", drops.Select(rate => string.Create(culture, $"{rate.Value.Minute:0.##} messages a second ({rate.Key})")))} over the last minute.",
                DropMeaning(drops[0].Key), $"`message-router tap {component.Name} --side dropped` shows them.");
        }
        if (component.FailedRate.Minute > thresholds.ErrorsPerSecond)
        {
            yield return new HealthFinding(
                component.Name, Degraded, string.Create(culture, $"{component.FailedRate.Minute:0.##} messages a second failed in it over the last minute.{because}"),
                "They are in the error chain.", $"`message-router tap {component.Name} --side failed` shows them.");
        }
    }

    /// <summary>Who holds it up, where that is known; else what can be done with a component of its kind.</summary>
    private static string Remedy(ComponentStatus component) => component.WaitingFor switch
    {
        { } holder when holder.Component != component.Name => $"{holder.Component} holds it up: it {holder.Why}.",
        { } itself => $"It {itself.Why}." + (component.Endpoints.Count > 0 ? $" See to who is at the other end of {string.Join(", ", component.Endpoints)}." : ""),
        _ when component.Role == "filter" => "It is slower than what comes to it: give it more `instances`, or send it less.",
        _ => "It is slower than what comes to it: send it less, or make faster what it writes to.",
    };

    private static IEnumerable<HealthFinding> Workers(IReadOnlyList<ProcessLine> processes)
    {
        foreach (var group in processes.GroupBy(process => process.Group))
        {
            var dead = group.Where(process => process.State is "waiting" or "stopped" && (process.Restarts >= CrashLoop || process.State == "stopped") && process.LastError is not null).ToList();
            if (dead.Count == 0) continue;
            yield return new HealthFinding(
                $"workers.{group.Key}", dead.Count == group.Count() ? Unhealthy : Degraded,
                string.Create(CultureInfo.InvariantCulture, $"{dead.Count} of its {group.Count()} processes keep ending; the last one: {OneLine(dead[^1].LastError!)}"),
                "What is meant for them waits for the others, or is dropped.", "Their output is in the node's log under their names; mend the program and reload the node, which starts again what had been given up.");
        }
    }

    private static string DropMeaning(string reason) => reason switch
    {
        DropReasons.MailboxFull or DropReasons.Evicted => "More comes than it can deal with.",
        DropReasons.NoMember => "No node of the cluster takes its stream.",
        DropReasons.NoSubscriber => "Nobody subscribes to what it publishes.",
        DropReasons.SubscriberFull => "Its subscribers are slower than what is published.",
        DropReasons.SubscriberGone => "Subscribers went away before they had what was meant for them.",
        DropReasons.Memory => "The node had no memory for it.",
        DropReasons.Undecodable => "It is not in the format that its input expects; it is in the error chain.",
        DropReasons.Unencodable => "It cannot be written in the output's format; it is in the error chain.",
        DropReasons.TooLarge => "It is larger than allowed.",
        DropReasons.RateLimited => "More error events came than `errors.rate-limit` allows.",
        DropReasons.Stopped => "The component was stopped.",
        DropReasons.Shutdown => "The node was stopping.",
        _ => "The component itself gives this reason.",
    };

    private static string Holder(NodeStatus status) => status.Components.MaxBy(component => component.QueuedBytes)?.Name ?? "nothing";

    private static string At(ComponentStatus component) => component.Place is { } place ? $"at {place}" : "in its description";

    private static string OneLine(string text) => text.Split('\n')[0].Trim();
}
