using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>The full screen of one node.</summary>
internal sealed class TopLoop : ScreenLoop
{
    private readonly NodeWatch _watch;
    private readonly TimeSpan _interval;
    private TopSnapshot? _now;
    private TopSnapshot? _shown;
    private long? _lostAt;
    private long? _takenAt;

    public TopLoop(NodeChoice choice, TimeSpan interval, Surroundings surroundings)
        : base(new TopState(TopScreen.Views), surroundings)
    {
        _interval = interval;
        _watch = new NodeWatch(choice, surroundings)
        {
            Seen = (status, health) => Tell(() => Take(status, health)),
            Lost = () => Tell(() => _lostAt ??= TimeProvider.System.GetTimestamp()),
        };
    }

    protected override async Task FindAsync(CancellationToken cancellation) => Take(await _watch.FindAsync(cancellation), null);

    protected override Task WatchAsync(CancellationToken cancellation) => _watch.RunAsync(cancellation);

    protected override IReadOnlyList<Line> Draw(int width, int height)
    {
        if (!State.IsPaused || _shown is null) _shown = _now;
        var silent = _lostAt is { } since ? TimeProvider.System.GetElapsedTime(since).TotalSeconds : (double?)null;
        return TopScreen.Draw(_shown! with { SilentSeconds = silent }, State, width, height);
    }

    private void Take(NodeStatus status, NodeHealth? health)
    {
        _lostAt = null;
        if (_takenAt is { } before && TimeProvider.System.GetElapsedTime(before) < _interval - (Tick / 2)) return;
        _takenAt = TimeProvider.System.GetTimestamp();
        _now = _now?.Then(status, health) ?? new TopSnapshot(status, null, health);
    }
}
