using System.Globalization;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>
/// What honest peers keep of their rate while strangers try to connect to their port 20,000 times a second. The same attempts at a port of which nobody makes anything, in turns, are what it is compared
/// with: their own work and the kernel's take processors from everybody on a machine that has few.
/// </summary>
internal sealed class AttemptsCase(MessageRouterContestant router, Times times)
{
    public const string Name = "attempts";
    public const string Figure = "20,000 attempts to connect a second: rate, to that with them at another port";

    private const int Rate = 20_000;
    private const int TurnsOfARound = 4;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public async Task<RouteFigure[]> RunAsync()
    {
        await using var run = new Ready(router, RouteCases.Plain);
        await run.ConnectAsync();
        run.Source.Tell("go");
        var elsewhere = Ports.Free();
        await using var taker = Running.Start([.. Self.Command, "take-attempts", $"{elsewhere}"]);
        await taker.UntilAsync("ready");
        await Task.Delay(times.WarmUp);

        var alone = await run.Sink.RateAsync(times.Measure);
        var (ratios, attempts) = (new List<double>(), new List<double>());
        var before = await WithAttemptsAsync(run, elsewhere);
        for (var turn = 0; turn < times.Rounds * TurnsOfARound; turn++)
        {
            var meanwhile = await WithAttemptsAsync(run, run.Ends.From);
            var after = await WithAttemptsAsync(run, elsewhere);
            ratios.Add(meanwhile.Rate / ((before.Rate + after.Rate) / 2));
            attempts.Add(meanwhile.Attempts);
            before = after;
        }
        await run.Source.AskAsync("stop");
        await run.StopAsync();
        if (!MessageRouterContestant.IsBalanced(run.Ends)) throw new InvalidOperationException("A ledger did not balance under attempts to connect.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Name} {string.Join(' ', ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))}; {alone:N0} messages/s without any, {before.Rate:N0} with them elsewhere"));
        return [new RouteFigure(Figure, Measurement.Median(ratios), ""), new RouteFigure("the same: attempts a second", Measurement.Median(attempts), "")];
    }

    private async Task<(double Rate, double Attempts)> WithAttemptsAsync(Ready run, int port)
    {
        await using var strangers = Running.Start([.. Self.Command, "attempts", $"{port}", $"{Rate}"]);
        await strangers.UntilAsync("ready");
        await Task.Delay(Settling);
        var attempts = strangers.RateAsync(times.Measure);
        return (await run.Sink.RateAsync(times.Measure), await attempts);
    }
}
