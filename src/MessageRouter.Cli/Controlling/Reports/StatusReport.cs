using System.Text;
using MessageRouter.Ledger;
using MessageRouter.Monitoring;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Reports;

/// <summary>A node's status for people: its ledger as it stands, with rates, and below it who waits for whom and what went wrong last.</summary>
internal static class StatusReport
{
    private static readonly (string Heading, bool IsNumber)[] Columns =
    [
        ("component", false), ("type", false), ("state", false), ("in/s", true), ("out/s", true), ("fill", true), ("in", true), ("created", true), ("out", true), ("filtered", true), ("failed", true),
        ("drops/s", true), ("dropped", false), ("queued", true), ("restarts", true),
    ];

    /// <summary>Those are shown only where a row has something in them.</summary>
    private static readonly string[] Seldom = ["created", "drops/s", "restarts"];

    private static readonly (string Heading, bool IsNumber)[] ProcessColumns = [("process", false), ("state", false), ("pid", true), ("up", true), ("restarts", true), ("last error", false)];

    /// <summary>Everything; rates are those over ten seconds.</summary>
    public static string Print(NodeStatus status)
    {
        var text = new StringBuilder().Append(Head(status)).Append('\n').Append(Table(status));
        if (status.Processes.Count > 0) text.Append('\n').Append(TextTable.Print(ProcessColumns, status.Processes.Select(Cells)));
        if (status.Cluster is { } cluster) text.Append('\n').Append(ClusterText.Print(cluster));
        Section(text, "held up", Waiting(status));
        Section(text, "gaps in sequences", status.Components.Where(component => component.Gaps is not null).Select(component => $"{component.Name}: {component.Gaps}"));
        Section(text, "refused peers", Refused(status));
        Section(text, "lists of those who may connect", status.SecurityProblems.Select(problem => $"{problem.List}: {OneLine(problem.Problem)}"));
        Section(text, "last errors", Errors(status));
        return text.Append('\n').Append(status.Balanced ? "balanced\n" : "not balanced just now: counters are read one after the other while messages go on\n").ToString();
    }

    /// <summary>The node in two lines.</summary>
    public static string Head(NodeStatus status)
    {
        var process = status.Process;
        var waiting = status.Components.Sum(component => component.Queued);
        return $"""
            {SafeText.Of(status.Node)}: {status.State}{(status.State == "running" ? " for" : ", up")} {Amount.Time(status.UptimeSeconds)}, pid {process.Pid}, version {SafeText.Of(status.Version)}{(status.Configuration.Files.Count == 0 ? "" : ", " + SafeText.Of(string.Join(" with ", status.Configuration.Files)))}{(status.Configuration.Revision == 1 ? "" : FormattableString.Invariant($", revision {status.Configuration.Revision}"))}{(status.DrainsWaitingFor is { } rest ? $"; waits for {SafeText.Of(rest)}" : "")}
            {Amount.Exactly(waiting)} waiting, {Memory(status.Memory)}; {FormattableString.Invariant($"{process.Cpu:0.##}")} processors, {SizeText.Of(process.MemoryBytes)} of memory, heap {SizeText.Of(process.HeapBytes)}, {process.Threads} threads{(process.OpenFiles is { } files ? $", {files} files" : "")}; rates over 10 s

            """;
    }

    /// <summary>The components alone.</summary>
    public static string Table(NodeStatus status)
    {
        var rows = status.Components.SelectMany(component => LinkRows.Of(component).Select(Cells).Prepend(Cells(component)).Concat((component.Workers ?? []).Select(Cells))).ToList();
        var shown = Enumerable.Range(0, Columns.Length).Where(column => !Seldom.Contains(Columns[column].Heading) || rows.Exists(row => row[column] is not ("" or "0"))).ToList();
        return TextTable.Print([.. shown.Select(column => Columns[column])], rows.Select(row => shown.Select(column => row[column]).ToArray()));
    }

    /// <summary>Who waits for whom, one a line.</summary>
    public static IEnumerable<string> Waiting(NodeStatus status) => status.Components.Where(component => component.WaitingFor is not null).Select(component =>
    {
        var waits = component.WaitingFor!;
        if (waits.Component == component.Name) return $"{component.Name} {waits.Why}";
        var between = waits.Path.SkipLast(1).ToList();
        return $"{component.Name} by {waits.Component}, which {waits.Why}{(between.Count == 0 ? "" : $" (by way of {string.Join(", ", between)})")}";
    });

    /// <summary>Peers that were refused or ended, the most of them first.</summary>
    private static IEnumerable<string> Refused(NodeStatus status) => status.Components.Where(component => component.Refused is { Count: > 0 }).Select(component =>
        $"{component.Name}: {string.Join(", ", component.Refused!.OrderByDescending(reason => reason.Value).Select(reason => $"{Amount.Exactly(reason.Value)} {reason.Key}"))}");

    private static IEnumerable<string> Errors(NodeStatus status) => status.Components.Where(component => component.LastError is not null).Select(component =>
        component.Name + (component.LastErrorAt is { } at ? $", {Amount.Time((status.StartedAt - at).TotalSeconds + status.UptimeSeconds)} ago" : "") + $": {OneLine(component.LastError!)}");

    internal static void Section(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0) text.Append('\n').Append(heading).Append(":\n");
        foreach (var line in all) text.Append("  ").Append(SafeText.Of(line)).Append('\n');
    }

    private static string[] Cells(ComponentStatus component) =>
    [
        component.Name, component.Type, component.Retired is { } revision ? FormattableString.Invariant($"retired in {revision}") : component.State, Amount.Short(component.InRate.TenSeconds), Amount.Short(component.OutRate.TenSeconds), Amount.Percent(component.Mailbox.Fill),
        Amount.Exactly(component.In), Amount.Exactly(component.Created), Amount.Exactly(component.Out), Amount.Exactly(component.Filtered), Amount.Exactly(component.Failed),
        Amount.Short(component.DroppedRate.Values.Sum(rates => rates.TenSeconds)),
        component.Dropped.Count == 0 ? "0" : Reasons(component.Dropped),
        Amount.Exactly(component.Queued), Amount.Exactly(component.Restarts),
    ];

    private static string[] Cells(LinkRow link) =>
    [
        link.Name, "", link.State, "", "", "", Number(link.In), "", Number(link.Out), "", "", "", link.Problem.Length == 0 ? link.Lost : link.Lost.Length == 0 ? link.Problem : $"{link.Lost}; {link.Problem}", Number(link.Queued), "",
    ];

    private static string[] Cells(WorkerLine worker) =>
    [
        $"  {worker.Name}", "", worker.State, "", Amount.Short(worker.Rate), "", Amount.Exactly(worker.In), Number(worker.Created), Amount.Exactly(worker.Out), Number(worker.Filtered), Number(worker.Failed), "", worker.Dropped is { } dropped ? Reasons(dropped) : "",
        Amount.Exactly(worker.Queued), Number(worker.Restarts),
    ];

    private static string[] Cells(ProcessLine process) =>
        [process.Name, process.State, process.Pid is { } pid ? Amount.Exactly(pid) : "", process.Pid is null ? "" : Amount.Time(process.UptimeSeconds), Amount.Exactly(process.Restarts), OneLine(process.LastError ?? "")];

    private static string Memory(MemoryStatus memory) =>
        SizeText.Of(memory.Bytes) + (memory.Limit > 0 ? $" of {SizeText.Of(memory.Limit)}" : "") + (memory.IsFull ? ", FULL" : "");

    private static string Reasons(IReadOnlyDictionary<string, long> dropped) => string.Join(", ", dropped.Select(reason => $"{Amount.Exactly(reason.Value)} {reason.Key}"));

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Number(long? number) => number is { } known ? Amount.Exactly(known) : "";
}
