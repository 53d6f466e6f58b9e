using System.Globalization;
using System.Threading.Channels;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Cli.Controlling.Top;
using MessageRouter.Clustering;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>The same without a terminal: a table for each look, one below the other.</summary>
internal sealed class PlainClusterTop(NodeChoice choice, TimeSpan interval, long? count, bool json, Surroundings surroundings)
{
    private readonly ClusterMemory _memory = new();
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private ClusterReport? _last;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var output = new OutputPipe(surroundings);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var looks = Channel.CreateUnbounded<ClusterReport?>();
        var watch = new ClusterWatch(choice, interval, surroundings)
        {
            Seen = report => looks.Writer.TryWrite(report),
            Lost = () => looks.Writer.TryWrite(null),
        };
        looks.Writer.TryWrite(await watch.FindAsync(cancellation));
        var watching = watch.RunAsync(ending.Token);
        _ = watching.ContinueWith(done => looks.Writer.TryComplete(done.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            var isLost = false;
            var left = count ?? long.MaxValue;
            await foreach (var report in looks.Reader.ReadAllAsync(ending.Token))
            {
                if (report is null && !isLost) surroundings.Error.WriteLine("Waiting for a node…");
                isLost = report is null;
                if (report is null) continue;
                output.WriteLine(json ? report.ToJson() : Text(ClusterSnapshot.Take(_memory, _last, report, TimeProvider.System.GetElapsedTime(_begun).TotalSeconds)));
                _last = report;
                if (--left == 0) return;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Somebody has seen enough.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <summary>One look, for people.</summary>
    public static string Text(ClusterSnapshot snapshot)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture);
        var cluster = snapshot.Report.Cluster;
        var sum = ClusterScreen.Equation(snapshot).Text;
        IEnumerable<string> lines = [.. sum.Length > 0 ? [sum] : Array.Empty<string>(), .. cluster.Singletons.Select(singleton => ClusterTables.Where(singleton)), .. cluster.Placed.Select(placed => $"{placed.Name}: {ClusterText.On(placed)}{(placed.RunningAway > 0 ? $"; {ClusterText.Running(placed)}" : "")}"), .. snapshot.News().Select(news => news.Text), .. snapshot.Problems().Select(problem => $"does not add up: {problem}"), .. cluster.Warnings.Select(warning => $"warning: {warning.Text}")];
        return $"{time}{SafeText.Of(cluster.Name)}: {cluster.State}, {ClusterScreen.Head(snapshot)}\n{Print(ClusterTables.Nodes(snapshot, new TopState(ClusterTables.Views)))}{string.Concat(lines.Select(line => SafeText.Of(line) + "\n"))}";
    }

    private static string Print(TopTable table) =>
        TextTable.Print([.. table.Columns.Select(column => (column.Heading, column.IsNumber))], table.Rows.Select(row => row.Cells.Select(cell => cell.Text).ToArray()));
}
