using System.Diagnostics;
using System.Globalization;
using System.Text;
using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>What it costs that a node can be watched, and is.</summary>
internal sealed class WatchedCases(MessageRouterContestant router, Times times)
{
    public const string Watched = "watched";
    public const string StartWatched = "start-watched";
    public const string RestWatched = "rest-watched";
    public const string LargeStatus = "large-status";

    public const string WatchedFigure = "watched: rate with metrics scraped each second and one top, to without";
    public const string TappedFigure = "watched: rate with one tap of everything, to without";
    public const string StartFigure = "start to first message: later than with control = off";
    public const string MemoryFigure = "watched at rest: more memory than with control = off";
    public const string StatusFigure = "status of 500 components and 5,000 connections";

    private const int Components = 500;
    private const int Connections = 5000;
    private const int Statuses = 20;
    private const int TurnsOfARound = 8;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Names { get; } = [Watched, StartWatched, RestWatched, LargeStatus];

    public Task<RouteFigure[]> RunAsync(string name) => name switch
    {
        Watched => WatchedAsync(),
        StartWatched => StartAsync(),
        RestWatched => RestAsync(),
        _ => StatusAsync(),
    };

    /// <summary>
    /// Within one process, in turns: from one process to the next the rate differs by more than what is to be found. What the endpoint costs that nobody
    /// calls is its look at the counters once a second, which goes on in all turns.
    /// </summary>
    private async Task<RouteFigure[]> WatchedAsync()
    {
        var port = Ports.Free();
        await using var run = new Ready(router, RouteCases.Plain with { Settings = Settings(Look.Watched, port) });
        await run.ConnectAsync();
        run.Source.Tell("go");
        await Task.Delay(times.WarmUp);
        var (watched, tapped) = (new List<double>(), new List<double>());
        var before = await RateAsync(run, Look.Off, port);
        for (var turn = 0; turn < times.Rounds * TurnsOfARound; turn++)
        {
            var look = turn % 2 == 0 ? Look.Watched : Look.Tapped;
            var meanwhile = await RateAsync(run, look, port);
            var after = await RateAsync(run, Look.Off, port);
            (look == Look.Watched ? watched : tapped).Add(meanwhile / ((before + after) / 2));
            before = after;
        }
        await run.Source.AskAsync("stop");
        await run.StopAsync();
        if (!MessageRouterContestant.IsBalanced(run.Ends)) throw new InvalidOperationException("A ledger did not balance while it was watched.");
        Console.WriteLine($"watched {Texts(watched)}; tapped {Texts(tapped)}");
        return [new RouteFigure(WatchedFigure, Measurement.Median(watched), ""), new RouteFigure(TappedFigure, Measurement.Median(tapped), "")];

        static string Texts(IEnumerable<double> ratios) => string.Join(' ', ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)));
    }

    private async Task<double> RateAsync(Ready run, Look look, int port)
    {
        await using var watchers = new Watchers(router, look, port);
        if (look != Look.Off) await Task.Delay(Second + Second);
        var rate = await run.Sink.RateAsync(times.Measure);
        watchers.Check();
        return rate;
    }

    private async Task<RouteFigure[]> StartAsync()
    {
        var later = new List<double>();
        for (var round = 0; round < times.Rounds * 3; round++)
        {
            var off = await TookAsync(Look.Off);
            later.Add(await TookAsync(Look.Watched) - off);
        }
        return [new RouteFigure(StartFigure, Measurement.Median(later) * 1000, "ms")];
    }

    private async Task<double> TookAsync(Look look)
    {
        await using var run = new Ready(router, SpecialCases.Connecting with { Settings = Settings(look, Ports.Free()) });
        return (await run.FirstMessageAsync()).Took;
    }

    private async Task<RouteFigure[]> RestAsync()
    {
        var (own, all) = (new List<double>(), new List<double>());
        for (var round = 0; round < times.Rounds; round++)
        {
            var off = await MemoryAsync(Look.Off);
            var watched = await MemoryAsync(Look.Watched);
            own.Add(watched.OwnMemory - off.OwnMemory);
            all.Add(watched.PeakMemory - off.PeakMemory);
        }
        return [new RouteFigure(MemoryFigure, Measurement.Median(own) / 1e6, "MB"), new RouteFigure("the same: with ASP.NET's files, which all processes of the machine share", Measurement.Median(all) / 1e6, "MB")];
    }

    /// <summary>Of a node with nothing to do, which has been looked at for a while.</summary>
    private async Task<Usage> MemoryAsync(Look look)
    {
        var port = Ports.Free();
        await using var run = new Ready(router, RouteCases.Plain with { Settings = Settings(look, port) });
        await run.ConnectAsync();
        await using var watchers = new Watchers(router, look, port);
        await Task.Delay(times.WarmUp + times.Measure);
        watchers.Check();
        return run.Between.Usage;
    }

    /// <summary>From the request to the last byte of the answer, at a client on the same machine.</summary>
    private async Task<RouteFigure[]> StatusAsync()
    {
        var port = Ports.Free();
        var chain = new StringBuilder();
        for (var i = 1; i <= Components - 2; i++)
            chain.AppendLine(CultureInfo.InvariantCulture, $"filters.{(i == 1 ? "first" : $"f{i}")} {{ type = key, key = level, match = error, to = {(i == Components - 2 ? "last" : $"f{i + 1}")} }}");
        chain.AppendLine("outputs.last { type = zeromq, bind = OUT, socket-type = push }");
        var large = new RouteCase(LargeStatus, Feed.Push, "PULL", chain.ToString()) { Senders = Connections, Settings = Settings(Look.Watched, port) };
        await using var run = new Ready(router, large, rate: 1000);
        await run.ConnectAsync();
        run.Source.Tell("go");
        await Task.Delay(times.WarmUp);

        using var client = new HttpClient();
        var took = new List<double>();
        var length = 0;
        for (var i = 0; i < Statuses; i++)
        {
            // After what was kept for others has become old.
            await Task.Delay(Second / 4);
            var began = Stopwatch.GetTimestamp();
            var answer = await client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{port}/v1/status"));
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            length = answer.Length;
        }
        return [new RouteFigure(StatusFigure, Measurement.Median(took), "ms"), new RouteFigure("the same: its length", length / 1e6, "MB")];
    }

    private static string Settings(Look look, int port) => look == Look.Off ? "control = off" : $"control.http.bind = \"127.0.0.1:{port}\"";
}
