using MessageRouter.Benchmarks.Wire;

namespace MessageRouter.Benchmarks.Route;

/// <summary>Runs one case through one contestant: a source, what stands between, a sink, each a process of its own.</summary>
/// <param name="routeCase">What is measured.</param>
/// <param name="contestant">Who stands between.</param>
/// <param name="times">How long to warm up and to measure.</param>
internal sealed class RouteRun(RouteCase routeCase, Contestant contestant, Times times)
{
    /// <summary>Runs at full speed, or at the rate of the case.</summary>
    /// <returns>What was measured; null where the contestant cannot do this.</returns>
    public Task<Measurement?> AtFullSpeedAsync() => RunAsync(routeCase.Rate, latency: false);

    /// <summary>Adds how long messages are under way at half of the rate that was measured.</summary>
    public async Task<Measurement> WithLatencyAsync(Measurement full)
    {
        var half = await RunAsync((int)(full.Rate / 2), latency: true);
        return full with { HalfIn = half!.HalfIn, MostIn = half.MostIn };
    }

    private async Task<Measurement?> RunAsync(int rate, bool latency)
    {
        var folder = Directory.CreateTempSubdirectory("message-router-benchmark-").FullName;
        try
        {
            var from = routeCase.Feed == Feed.Lines ? 0 : Ports.Free();
            var ends = new Ends(routeCase, from, routeCase.Take is null ? [] : [.. Enumerable.Range(0, routeCase.Copies).Select(_ => Ports.Free())], folder);
            if (contestant.Command(ends) is not { } command) return null;
            if (routeCase.Feed == Feed.Lines) Pipe.Make(ends.Pipe);

            await using var between = Running.Start(command, routeCase.Feed == Feed.Lines ? ends.Pipe : null);
            var source = Running.Start([.. Self.Command, .. SourceRole(ends, rate)]);
            await using var sourceEnds = source;

            // A source that pushes waits for the sink by itself.
            var early = routeCase.Feed == Feed.Push || contestant.OpensLate;
            if (early) source.Tell("go");
            await using var sink = contestant is NothingBetween ? between
                : routeCase.Take is null ? null : Running.Start([.. Self.Command, .. SinkRole(ends, latency)]);
            await between.UntilReadyAsync(sink is null ? [source] : [source, sink]);
            if (!early) source.Tell("go");
            return await MeasureAsync(ends, between, source, new Arrivals(routeCase.IsDiscarded ? source : sink, ends), latency);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Measurement> MeasureAsync(Ends ends, Running between, Running source, Arrivals arrivals, bool latency)
    {
        await arrivals.BeginAsync();
        await Task.Delay(times.WarmUp);
        if (latency) await arrivals.LatencyAsync();
        var (before, usageBefore) = (await arrivals.CountAsync(), between.Usage);
        await Task.Delay(times.Measure);
        var (after, usage) = (await arrivals.CountAsync(), between.Usage);
        var (half, most) = latency ? await arrivals.LatencyAsync() : (null, null);
        var sent = long.Parse((await source.AskAsync("stop"))[1]);
        var arrived = await arrivals.SettleAsync(sent);
        await source.DisposeAsync();
        await between.StopAsync();

        // A file has the last of it when its writer has ended, and of what ends in the node only its ledger knows.
        if (routeCase.IsDiscarded) arrived = MessageRouterContestant.Component(ends, "outputs.first").GetProperty("out").GetInt64();
        else if (arrivals.AreInFile) (arrived, _) = await arrivals.CountAsync();
        var messages = (after.Messages - before.Messages) / (double)routeCase.Copies;

        // On a machine that is busy nothing may have come meanwhile: a poor rate, but a number.
        var each = 1e6 / Math.Max(messages, 1);
        return new Measurement
        {
            Rate = messages / (after.Seconds - before.Seconds),
            User = (usage.User - usageBefore.User) * each,
            System = (usage.System - usageBefore.System) * each,
            PeakMemory = usage.PeakMemory,
            Lost = sent - arrived / routeCase.Copies,
            HalfIn = half,
            MostIn = most,
            Balanced = contestant is MessageRouterContestant ? Balanced(ends, between) : null,
        };
    }

    private static bool Balanced(Ends ends, Running router)
    {
        if (router.ExitCode != 0) throw new InvalidOperationException($"it exited with {router.ExitCode}: {router.Said}");
        return MessageRouterContestant.IsBalanced(ends);
    }

    private string[] SourceRole(Ends ends, int rate) => routeCase.Feed switch
    {
        Feed.Lines => ["source", "lines", ends.Pipe, $"{routeCase.Size}", $"{rate}"],
        Feed.Push => ["source", "PUSH", $"{ends.From}", $"{routeCase.Size}", $"{rate}", $"{routeCase.Senders}", .. Trusted],
        _ => ["source", "PUB", $"{ends.From}", $"{routeCase.Size}", $"{rate}", $"{routeCase.Senders}"],
    };

    private string[] SinkRole(Ends ends, bool latency) =>
        ["sink", routeCase.Take!, string.Join(',', ends.To.SelectMany(port => Enumerable.Repeat(port, routeCase.Workers))), latency ? "latencies" : "count", .. Trusted];

    /// <summary>The key of whoever stands between, where all is sealed.</summary>
    private string[] Trusted => routeCase.IsSealed ? [$"trust={CurveFiles.PublicKey}"] : [];
}

/// <summary>How long a run takes.</summary>
/// <param name="WarmUp">Until everything is compiled.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Rounds">How often; the contestants take turns.</param>
internal sealed record Times(TimeSpan WarmUp, TimeSpan Measure, int Rounds);
