using MessageRouter.Configuration;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Reloading;
using MessageRouter.Routing;

namespace MessageRouter.Clustering;

/// <summary>Has this node read its own files again, or what is brought to it, for who looks after the whole cluster. Whether he may is asked before.</summary>
internal sealed class OwnReload(RouterNode node, TimeProvider clock)
{
    private readonly SharedReload _shared = new(node, clock);

    /// <summary>Files are read by one caller at a time.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>It does not fail: what goes wrong is told.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="from">The node that asks it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<MemberReload> RunAsync(MemberReloadRequest request, string from, CancellationToken cancellation)
    {
        try
        {
            return request switch
            {
                { End: not null, Run: null } => new MemberReload { Problem = "it is not said which reload has ended" },
                { End: ReloadEnd.Undone, Run: { } run } => Undone(await _shared.UndoAsync(run)),
                { End: not null, Run: { } run } => Kept(run),
                _ => await ReloadAsync(request, from, cancellation),
            };
        }
        catch (ConfigurationException exception)
        {
            return new MemberReload { Problem = KnownSecrets.Hide(DiagnosticPrinter.Print(exception.Diagnostics, DiagnosticPrinter.NothingChanged)) };
        }
        catch (ReloadException exception)
        {
            return Now() with { Problem = KnownSecrets.Hide(exception.Report), NotTakenBack = exception.NotTakenBack };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Now() with { Problem = KnownSecrets.Hide(exception.Message) };
        }
    }

    private MemberReload Undone(ReloadPlan? plan) => Now() with { WentBack = plan is not null, Dropped = plan?.Dropped ?? 0 };

    /// <summary>What the node is now.</summary>
    private MemberReload Now() => new() { Revision = node.Topology.Revision, Hash = node.Definition.ConfigurationHash, StartedAt = node.StartedAt };

    private MemberReload Kept(string run)
    {
        _shared.End(run);
        return new MemberReload();
    }

    private async Task<MemberReload> ReloadAsync(MemberReloadRequest request, string from, CancellationToken cancellation)
    {
        if (node.ReadAgain is not { } read) return new MemberReload { Problem = "the node was not started from files, so that there is nothing to read again" };
        if (request.Files is { } files && BroughtConfiguration.ProblemOf(files) is { } problem) return new MemberReload { Problem = problem };
        var reading = await ReadAsync(() => request.Files is { } brought ? read.Brought(new BroughtConfiguration(brought, from, node.Definition)) : read.Files([]), cancellation);
        if (node.IsReloading) return new MemberReload { Problem = "another reload is under way; try again when it is done" };
        var begun = TimeProvider.System.GetTimestamp();
        var plan = request switch
        {
            { Plan: true } => node.PlanReload(reading.Definition),
            { Run: { } run } => await _shared.RunAsync(reading.Definition, run, request.Expect, cancellation),
            _ => await node.ReloadAsync(reading.Definition, request.Expect, cancellation),
        };
        var warnings = KnownSecrets.Hide(DiagnosticPrinter.Print(reading.Warnings));
        return new MemberReload
        {
            Problem = request.Plan && plan.Obstacles.Count > 0 ? string.Join('\n', plan.Obstacles) : null,
            Id = plan.Id,
            Revision = plan.Revision,
            HashBefore = plan.HashBefore,
            Hash = plan.Hash,
            StartedAt = node.StartedAt,
            ChangesAnything = plan.ChangesAnything,
            Text = KnownSecrets.Hide(plan.ToString()),
            NeedsRestart = plan.NeedsRestart,
            Warnings = warnings.Length > 0 ? warnings : null,
            Dropped = plan.Dropped,
            Seconds = request.Plan ? null : Math.Round(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 3),
        };
    }

    private async Task<Reading> ReadAsync(Func<Reading> read, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return read();
        }
        finally
        {
            _reading.Release();
        }
    }
}
