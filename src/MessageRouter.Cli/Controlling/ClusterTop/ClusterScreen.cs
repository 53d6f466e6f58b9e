using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;
using MessageRouter.Cli.Joining;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>What the screen shows of a cluster.</summary>
internal static class ClusterScreen
{
    private static readonly (string Word, string Meaning)[] Words =
    [
        ("away", "a node that does not answer; its last numbers stand there dim"),
        ("gone", "one that the others have given up; left: it went by itself"),
        ("sent =", "over all links: what was sent came, is lost, or under way"),
    ];

    public static IReadOnlyList<Line> Draw(ClusterSnapshot snapshot, TopState state, int width, int height) =>
        new TopFrame(state, width, height) { FindingsAre = "message-router ledger check --cluster", Words = Words }.Draw(
            Title(snapshot, state, width), [Traffic(snapshot, state, width), Sum(snapshot, width)],
            ClusterTables.Of(snapshot, state), ClusterTables.Nothing(state.View), Findings(snapshot), isOld: snapshot.SilentSeconds is not null);

    /// <summary>The first line without inks: <c>logs  3 nodes, 1 away  up</c>.</summary>
    public static string Head(ClusterSnapshot snapshot)
    {
        var (there, away) = (snapshot.Nodes.Count(node => node.IsThere), snapshot.Nodes.Count(node => !node.IsThere && !node.HasLeft));
        return FormattableString.Invariant($"{there} {(there == 1 ? "node" : "nodes")}{(away == 0 ? "" : $", {away} away")}");
    }

    /// <summary>What became of all that was sent between nodes.</summary>
    public static (string Text, bool IsWrong) Equation(ClusterSnapshot snapshot) =>
        snapshot.Join is not { } join ? ("", false) : snapshot.Problems().Any() ? ($"{JoinReport.Equation(join)}: DOES NOT ADD UP", true) : (JoinReport.Equation(join), false);

    private static Line Title(ClusterSnapshot snapshot, TopState state, int width)
    {
        var cluster = snapshot.Report.Cluster;
        var line = new Line(width).Add(cluster.Name, Ink.Strong).Add("  ");
        if (snapshot.SilentSeconds is { } silent) return line.Add($"waiting for a node… {Amount.Time(Math.Floor(silent))}", Ink.Bad).AddRight(state.IsPaused ? "PAUSED" : "", Ink.Warning);
        line.Add(Head(snapshot), snapshot.Nodes.Any(node => !node.IsThere && !node.HasLeft) ? Ink.Bad : Ink.Good);
        if (cluster.State != "up") line.Add($"  {cluster.State}{(cluster.Problem is { } problem ? $": {problem}" : "")}", Ink.Warning);
        if (state.IsPaused) line.Add("  PAUSED", Ink.Warning);
        var asked = snapshot.Nodes.FirstOrDefault(node => node.Member.IsSelf && node.IsThere);
        return asked is null ? line : line.AddRight($"seen by {asked.Name}", Ink.Dim);
    }

    private static Line Traffic(ClusterSnapshot snapshot, TopState state, int width)
    {
        var (line, report) = (new Line(width), snapshot.Report);
        var components = report.Nodes.SelectMany(node => node.Status?.Components ?? []).ToList();
        var dropped = components.Sum(component => component.DroppedRate.Values.Sum(state.Rate));
        var failed = components.Where(component => component.Name != "errors").Sum(component => state.Rate(component.FailedRate));
        TopFrame.Figure(line, "in", Amount.Short(ClusterTables.Rate(report, "input", component => state.Rate(component.InRate))) + "/s");
        TopFrame.Figure(line, "out", Amount.Short(ClusterTables.Rate(report, "output", component => state.Rate(component.OutRate))) + "/s");
        TopFrame.Figure(line, "dropped", Amount.Short(dropped) + "/s", dropped > 0 ? Ink.Bad : Ink.Strong);
        TopFrame.Figure(line, "failed", Amount.Short(failed) + "/s", failed > 0 ? Ink.Bad : Ink.Strong);
        TopFrame.Figure(line, "waiting", Amount.Short(components.Sum(component => component.Queued)));
        return line;
    }

    private static Line Sum(ClusterSnapshot snapshot, int width)
    {
        var (text, isWrong) = Equation(snapshot);
        return text.Length == 0 ? new Line(width) : new Line(width).Add("links ", Ink.Dim).Add(text, isWrong ? Ink.Bad : Ink.Strong);
    }

    private static List<(string Text, Ink Ink)> Findings(ClusterSnapshot snapshot) =>
    [
        .. snapshot.News().Select(news => (news.Text, news.Node.IsThere ? Ink.Good : news.Node.HasLeft ? Ink.Dim : Ink.Bad)),
        .. snapshot.Problems().Select(problem => ($"does not add up: {problem}", Ink.Bad)),
        .. snapshot.Report.Cluster.Streams.Where(stream => stream.OfferedBy.Count == 0).Select(stream => ($"no node takes the stream {stream.Name}", Ink.Warning)),
        .. snapshot.Report.Cluster.Warnings.Select(warning => (warning.Text, Ink.Warning)),
    ];
}
