using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>A source, a router and one or two sinks that are there, for what is measured otherwise than by a rate.</summary>
internal sealed class Ready : IAsyncDisposable
{
    private readonly Contestant _contestant;
    private readonly string _folder = Directory.CreateTempSubdirectory("message-router-benchmark-").FullName;
    private Running? _between;
    private Running? _slow;

    /// <param name="contestant">Who stands between.</param>
    /// <param name="routeCase">What is measured.</param>
    /// <param name="rate">Messages a second of the source; 0 for as many as are taken.</param>
    public Ready(Contestant contestant, RouteCase routeCase, int rate = 0)
    {
        _contestant = contestant;
        Ends = new Ends(routeCase, Ports.Free(), [.. Enumerable.Range(0, routeCase.Copies).Select(_ => Ports.Free())], _folder);
        var at = routeCase.Connects ? "@" : "";
        Source = Running.Start([.. Self.Command, "source", "PUSH", $"{at}{Ends.From}", $"{routeCase.Size}", $"{rate}", $"{routeCase.Senders}"]);
        Sink = Running.Start([.. Self.Command, "sink", "PULL", $"{at}{Ends.To[0]}", "count"]);
    }

    public Ends Ends { get; }

    public Running Source { get; }

    public Running Sink { get; }

    public Running Between => _between!;

    /// <summary>Starts the router and waits until all are connected.</summary>
    /// <param name="slowRate">Bytes a second that the second sink takes.</param>
    public async Task ConnectAsync(long slowRate = 0)
    {
        if (slowRate > 0) _slow = Running.Start([.. Self.Command, "sink", "PULL", $"{Ends.To[1]}", "count", $"{slowRate}"]);
        _between = Running.Start(_contestant.Command(Ends)!);
        await _between.UntilReadyAsync(_slow is null ? [Source, Sink] : [Source, Sink, _slow]);
    }

    /// <summary>Waits until source and sink are connected, for who has something else between them.</summary>
    public async Task UntilEndsAreReadyAsync()
    {
        await Source.UntilAsync("ready");
        await Sink.UntilAsync("ready");
    }

    /// <summary>Starts the router while the source and the sink wait for it.</summary>
    /// <returns>Seconds until the first message was at the sink, and when that was.</returns>
    public async Task<(double Took, double At)> FirstMessageAsync()
    {
        Source.Tell("go");
        await Source.UntilAsync("waiting");
        await Sink.UntilAsync("waiting");
        var command = _contestant.Command(Ends)!;
        var began = Clock.Seconds;
        _between = Running.Start(command);
        await _between.UntilReadyAsync(Sink);
        var first = long.Parse((await Sink.AskAsync("first"))[1]) / 1e6;
        return (first - began, first);
    }

    /// <summary>Stops the router.</summary>
    public Task StopAsync() => Between.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_between is not null) await _between.DisposeAsync();
        await Sink.DisposeAsync();
        if (_slow is not null) await _slow.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
