using System.Globalization;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Benchmarks.Route;

/// <summary>
/// What it costs that two nodes tell each other what was lost: messages go through a node in this process and over a connection from it to itself, which knows of losses and does not in turns.
/// From one process to the next the rate differs by more than what is to be found, so that one node is reloaded between the turns.
/// </summary>
internal sealed class LossCase(MessageRouterContestant router, Times times)
{
    public const string Name = "loss-accounting";

    public const string Figure = "loss accounting: rate with it, to without";

    private const int TurnsOfARound = 8;

    /// <summary>How long the rate is not looked at after a reload.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public async Task<RouteFigure[]> RunAsync()
    {
        await using var run = new Ready(router, RouteCases.Plain);
        var link = Ports.Free();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter((RouterBuilder node) => Describe(node, run.Ends, link, isOn: false));
        using var host = builder.Build();
        await host.StartAsync();
        await run.UntilEndsAreReadyAsync();
        run.Source.Tell("go");
        await Task.Delay(times.WarmUp);

        var node = host.Services.GetRequiredService<RouterNode>();
        var ratios = new List<double>();
        var before = await RateAsync(node, run, link, isOn: false);
        for (var turn = 0; turn < times.Rounds * TurnsOfARound; turn++)
        {
            var on = await RateAsync(node, run, link, isOn: true);
            var after = await RateAsync(node, run, link, isOn: false);
            ratios.Add(on / ((before + after) / 2));
            before = after;
        }
        await run.Source.AskAsync("stop");
        await host.StopAsync();
        if (!node.Ledger().Balanced) throw new InvalidOperationException("A ledger did not balance.");
        Console.WriteLine($"{Name} {string.Join(' ', ratios.Select(ratio => ratio.ToString("0.000", CultureInfo.InvariantCulture)))}");
        return [new RouteFigure(Figure, Measurement.Median(ratios), "")];
    }

    private async Task<double> RateAsync(RouterNode node, Ready run, int link, bool isOn)
    {
        await node.ReloadAsync(next => Describe(next, run.Ends, link, isOn));
        await Task.Delay(Settling);
        return await run.Sink.RateAsync(times.Measure);
    }

    private static void Describe(RouterBuilder node, Ends ends, int link, bool isOn)
    {
        var accounting = $"loss-accounting = {(isOn ? "true" : "false")}";
        var components = $$"""
            outputs.link { type = zeromq, connect = "tcp://127.0.0.1:{{link}}", socket-type = push, {{accounting}} }
              inputs.back { type = zeromq, bind = "tcp://127.0.0.1:{{link}}", socket-type = pull, {{accounting}}, to = first }
              outputs.first { type = zeromq, bind = OUT, socket-type = push }
            """;
        node.FromText((RouteCases.Plain with { Components = components, To = "link" }).Configuration(ends.From, ends.To, ends.File));
    }
}
