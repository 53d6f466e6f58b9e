using System.Globalization;
using System.Threading.Channels;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>The same without a terminal: a table for each interval, one below the other.</summary>
internal sealed class PlainTop(NodeChoice choice, TimeSpan interval, long? count, bool json, Surroundings surroundings)
{
    /// <summary>What a second may be short of.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var output = new OutputPipe(surroundings);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var statuses = Channel.CreateUnbounded<NodeStatus?>();
        var watch = new NodeWatch(choice, surroundings)
        {
            Seen = (status, _) => statuses.Writer.TryWrite(status),
            Lost = () => statuses.Writer.TryWrite(null),
        };
        await watch.FindAsync(cancellation);
        var watching = watch.RunAsync(ending.Token);
        _ = watching.ContinueWith(done => statuses.Writer.TryComplete(done.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            long? printedAt = null;
            var isGone = false;
            var left = count ?? long.MaxValue;
            await foreach (var status in statuses.Reader.ReadAllAsync(ending.Token))
            {
                if (status is null && !isGone) surroundings.Error.WriteLine("Waiting for the node…");
                isGone = status is null;
                if (status is null || (printedAt is { } before && TimeProvider.System.GetElapsedTime(before) < interval - Slack)) continue;
                printedAt = TimeProvider.System.GetTimestamp();
                output.WriteLine(json ? status.ToJson() : Text(status));
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

    private static string Text(NodeStatus status)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture);
        var waiting = StatusReport.Waiting(status).Select(line => $"held up: {line}\n");
        return $"{time}{StatusReport.Head(status)}{StatusReport.Table(status)}{string.Concat(waiting)}";
    }
}
