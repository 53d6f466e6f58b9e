using System.Threading.Channels;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>The full screen: what the node, the keys and the terminal tell comes in one after the other, and each time the screen is drawn anew.</summary>
internal sealed class TopLoop(NodeChoice choice, TimeSpan interval, Surroundings surroundings)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TopState _state = new();
    private TopSnapshot? _now;
    private TopSnapshot? _shown;
    private long? _lostAt;
    private long? _takenAt;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new NodeWatch(choice, surroundings)
        {
            Seen = (status, health) => Tell(() => Take(status, health)),
            Lost = () => Tell(() => _lostAt ??= TimeProvider.System.GetTimestamp()),
        };

        // Before the screen: who has no node is told so in its own.
        Take(await watch.FindAsync(cancellation), null);
        using var terminal = new Terminal(surroundings, () => Tell(() => { }));
        using var ticks = TimeProvider.System.CreateTimer(_ => Tell(() => { }), null, Tick, Tick);
        Terminal.Listen(key => Tell(() => Press(key, ending)));
        var watching = watch.RunAsync(ending.Token);
        try
        {
            Draw(terminal);
            while (await _events.Reader.WaitToReadAsync(ending.Token))
            {
                while (_events.Reader.TryRead(out var happen)) happen();
                if (watching.IsFaulted) await watching;
                if (!ending.IsCancellationRequested) Draw(terminal);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Somebody has seen enough.
        }
    }

    private void Tell(Action happen) => _events.Writer.TryWrite(happen);

    private void Press(ConsoleKeyInfo? key, CancellationTokenSource ending)
    {
        if (key is { } pressed) _state.Press(pressed);
        if (key is null || _state.WantsToQuit) ending.Cancel();
    }

    private void Take(NodeStatus status, NodeHealth? health)
    {
        _lostAt = null;
        if (_takenAt is { } before && TimeProvider.System.GetElapsedTime(before) < interval - (Tick / 2)) return;
        _takenAt = TimeProvider.System.GetTimestamp();
        _now = _now?.Then(status, health) ?? new TopSnapshot(status, null, health);
    }

    private void Draw(Terminal terminal)
    {
        var (width, height) = Terminal.Size;
        if (!_state.IsPaused || _shown is null) _shown = _now;
        var silent = _lostAt is { } since ? TimeProvider.System.GetElapsedTime(since).TotalSeconds : (double?)null;
        terminal.Show(TopScreen.Draw(_shown! with { SilentSeconds = silent }, _state, width, height));
    }
}
