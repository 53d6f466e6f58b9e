namespace MessageRouter.InteropTests.Support;

/// <summary>The Perl original, <c>message-pass</c>, with the arguments of its documentation.</summary>
internal sealed class PerlPeer : Peer
{
    // An alarm outlives exec: what a killed test run leaves behind ends by itself.
    private static readonly string[] WithAlarm = ["-e", "alarm 1200; exec @ARGV or die $!"];

    // Perl takes one line per readable event but reads ahead by the block: lines in its buffer wait until more input
    // comes. An empty line is more input, and Perl passes over it.
    private static readonly ReadOnlyMemory<byte> Nudge = "\n"u8.ToArray();

    private readonly CancellationTokenSource stop = new();
    private readonly Task nudging;

    private PerlPeer(string directory, bool readsInput, IEnumerable<string> command)
        : base(directory, "perl", [.. WithAlarm, .. command], ("PERL5LIB", Path.Combine(AppContext.BaseDirectory, "Peers"))) =>
        nudging = readsInput ? NudgeAsync() : Task.CompletedTask;

    public static PerlPeer MessagePass(string directory, params IEnumerable<string> arguments) =>
        new(directory, arguments.Contains("STDIN"), arguments.Prepend("message-pass"));

    /// <summary>Runs a command line as a user types it.</summary>
    public static PerlPeer Shell(string directory, string command) =>
        new(directory, command.Contains("STDIN", StringComparison.Ordinal), ["bash", "-c", "exec " + command]);

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
