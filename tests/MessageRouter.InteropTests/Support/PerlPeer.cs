namespace MessageRouter.InteropTests.Support;

/// <summary>The Perl original, <c>message-pass</c>, with the arguments of its documentation.</summary>
internal sealed class PerlPeer : Peer
{
    // An alarm outlives exec: what a killed test run leaves behind ends by itself.
    private const string ExecWithAlarm = "alarm 1200; exec @ARGV or die $!";

    // Perl takes one line per readable event but reads ahead by the block: lines in its buffer wait until more input
    // comes. An empty line is more input, and Perl passes over it.
    private static readonly ReadOnlyMemory<byte> Nudge = "\n"u8.ToArray();

    private readonly CancellationTokenSource stop = new();
    private readonly Task nudging;

    public PerlPeer(string directory, params IEnumerable<string> arguments)
        : base(directory, "perl", ["-e", ExecWithAlarm, "message-pass", .. arguments], ("PERL5LIB", Path.Combine(AppContext.BaseDirectory, "Peers")))
    {
        nudging = arguments.Contains("STDIN") ? NudgeAsync() : Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await nudging;
        stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task NudgeAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                await WriteAsync(Nudge);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test has ended, or Perl's input has: there is nobody left to wake.
            return;
        }
    }
}
