using MessageRouter.Cli.Controlling.Top;
using MessageRouter.Clustering;

namespace MessageRouter.Cli.Controlling.ClusterTop;

/// <summary>The full screen of a cluster.</summary>
internal sealed class ClusterLoop : ScreenLoop
{
    private readonly ClusterWatch _watch;
    private readonly ClusterMemory _memory = new();
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private ClusterReport? _last;
    private ClusterSnapshot? _now;
    private ClusterSnapshot? _shown;
    private double? _lostAt;

    public ClusterLoop(NodeChoice choice, TimeSpan interval, Surroundings surroundings)
        : base(new TopState(ClusterTables.Views), surroundings) => _watch = new ClusterWatch(choice, interval, surroundings)
        {
            Seen = report => Tell(() => Take(report)),
            Lost = () => Tell(() => _lostAt ??= Now),
        };

    private double Now => TimeProvider.System.GetElapsedTime(_begun).TotalSeconds;

    protected override async Task FindAsync(CancellationToken cancellation) => Take(await _watch.FindAsync(cancellation));

    protected override Task WatchAsync(CancellationToken cancellation) => _watch.RunAsync(cancellation);

    protected override IReadOnlyList<Line> Draw(int width, int height)
    {
        if (!State.IsPaused || _shown is null) _shown = _now;
        return ClusterScreen.Draw(_shown! with { SilentSeconds = Now - _lostAt }, State, width, height);
    }

    private void Take(ClusterReport report)
    {
        _lostAt = null;
        _now = ClusterSnapshot.Take(_memory, _last, report, Now);
        _last = report;
    }
}
