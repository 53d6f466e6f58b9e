using System.Threading.Channels;

namespace MessageRouter.Cli.Controlling.Top;

/// <summary>A full screen: what is watched, the keys and the terminal tell comes in one after the other, and each time the screen is drawn anew.</summary>
internal abstract class ScreenLoop(TopState state, Surroundings surroundings)
{
    protected static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    protected TopState State => state;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // Before the screen: who has no node is told so in its own.
        await FindAsync(cancellation);
        using var terminal = new Terminal(surroundings, () => Tell(() => { }));
        using var ticks = TimeProvider.System.CreateTimer(_ => Tell(() => { }), null, Tick, Tick);
        Terminal.Listen(key => IsAnswered(key, ending));
        var watching = WatchAsync(ending.Token);
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

    /// <summary>Looks for the first time.</summary>
    /// <exception cref="CommandException">There is nobody.</exception>
    protected abstract Task FindAsync(CancellationToken cancellation);

    /// <summary>Watches until it is cancelled.</summary>
    protected abstract Task WatchAsync(CancellationToken cancellation);

    protected abstract IReadOnlyList<Line> Draw(int width, int height);

    /// <summary>Has something happen in its turn.</summary>
    protected void Tell(Action happen) => _events.Writer.TryWrite(happen);

    /// <summary>Has a key do what it does, in its turn.</summary>
    /// <returns>Whether it goes on.</returns>
    private bool IsAnswered(ConsoleKeyInfo? key, CancellationTokenSource ending)
    {
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Tell(() =>
        {
            Press(key, ending);
            answered.SetResult(!ending.IsCancellationRequested);
        });
        return answered.Task.GetAwaiter().GetResult();
    }

    private void Press(ConsoleKeyInfo? key, CancellationTokenSource ending)
    {
        if (key is { } pressed) state.Press(pressed);
        if (key is null || state.WantsToQuit) ending.Cancel();
    }

    private void Draw(Terminal terminal)
    {
        var (width, height) = Terminal.Size;
        terminal.Show(Draw(width, height));
    }
}
