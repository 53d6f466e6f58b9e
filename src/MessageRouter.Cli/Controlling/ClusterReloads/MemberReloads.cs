using MessageRouter.Clustering;
using MessageRouter.Control.Serving;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary>
/// Carries out the plans of several nodes, one after the other, until one fails. Where all or none are to do it, those that have done it go back then, the last one first,
/// and who does not answer is told to.
/// </summary>
/// <param name="ask">Asks a node.</param>
/// <param name="order">What is asked.</param>
/// <param name="surroundings">Where it is said.</param>
internal sealed class MemberReloads(Func<ClusterReloadRequest, CancellationToken, Task<MemberReload>> ask, ClusterReloadOrder order, Surroundings surroundings)
{
    /// <summary>What the reload of all is called.</summary>
    private readonly string? _run = order.AllOrNone ? Guid.NewGuid().ToString("N") : null;

    /// <param name="nodes">Those that change, with their plans.</param>
    /// <param name="cancellation">Ends it: then it is as if the node had failed that is at it.</param>
    /// <exception cref="CommandException">A node has failed: it says where things stand.</exception>
    public async Task RunAsync(IReadOnlyList<(string Node, MemberReload Plan)> nodes, CancellationToken cancellation)
    {
        var done = new List<(string Node, MemberReload Plan)>();
        foreach (var (node, plan) in nodes)
        {
            if (await FailureOfAsync(node, plan, cancellation) is not { } failure)
            {
                done.Add((node, plan));
                continue;
            }
            var left = nodes.Skip(done.Count + 1).Select(other => (other.Node, MemberStanding.AsBefore));
            throw order.AllOrNone ? await UndoAsync((node, plan), failure, done, left) : Stopped(node, failure, new Standings([.. done.Select(other => (other.Node, MemberStanding.New)), (node, failure.Standing), .. left]));
        }
        if (_run is null) return;

        // One that does not hear it only keeps what it was for a day.
        await Task.WhenAll(done.Select(other => SilentlyAsync(new ClusterReloadRequest(other.Node) { Run = _run, End = ReloadEnd.Kept })));
    }

    private async Task<Failure?> FailureOfAsync(string node, MemberReload plan, CancellationToken cancellation)
    {
        MemberReload done;
        try
        {
            done = await ask(new ClusterReloadRequest(node, Plan: false, plan.Id, order.Files, _run), cancellation);
        }
        catch (CommandException exception)
        {
            return new Failure(exception.Message, exception.ExitCode, MemberStanding.Unknown);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new Failure("It was interrupted while that node was at it.", ExitCode.Interrupted, MemberStanding.Unknown);
        }
        if (done.Problem is { } problem) return new Failure(problem, ExitCodeOf(done), done.NotTakenBack.Count == 0 ? MemberStanding.AsBefore : MemberStanding.Broken);
        surroundings.Output.WriteLine(FormattableString.Invariant($"{SafeText.Of(node)}: revision {done.Revision} is in force, and everything is done, in {done.Seconds:0.000} s."));
        WarnOfDropped(node, done);
        return null;
    }

    private async Task<CommandException> UndoAsync(
        (string Node, MemberReload Plan) failed, Failure failure, List<(string Node, MemberReload Plan)> done, IEnumerable<(string Node, MemberStanding Standing)> left)
    {
        var problems = "";
        var standings = new List<(string Node, MemberStanding Standing)>();
        IEnumerable<(string Node, MemberReload Plan)> asked = failure.Standing == MemberStanding.Unknown ? [.. done, failed] : done;
        foreach (var (node, plan) in asked.Reverse()) standings.Insert(0, (node, await BackAsync(node, plan)));
        if (failure.Standing != MemberStanding.Unknown) standings.Add((failed.Node, failure.Standing));
        var all = new Standings([.. standings, .. left]);
        return Stopped(failed.Node, failure with { ExitCode = all.AreAsBefore ? failure.ExitCode : ExitCode.Internal }, all, problems);

        async Task<MemberStanding> BackAsync(string node, MemberReload plan)
        {
            if (await SilentlyAsync(new ClusterReloadRequest(node) { Run = _run, End = ReloadEnd.Undone }) is not { } answer) return MemberStanding.Unknown;
            WarnOfDropped(node, answer);
            var back = WayBack.Of(plan, answer);
            if (back.Problem is { } problem) problems += $"error: {SafeText.Of(node)} {(back.Standing == MemberStanding.Unknown ? "is not known to be what it was" : "cannot go back to what it was")}.\n{Lines(problem)}";
            return back.Standing;
        }
    }

    /// <returns>Null where it does not answer.</returns>
    private async Task<MemberReload?> SilentlyAsync(ClusterReloadRequest request)
    {
        try
        {
            return await ask(request, CancellationToken.None);
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private CommandException Stopped(string failed, Failure failure, Standings standings, string problems = "")
    {
        var text = $"error: {SafeText.Of(failed)} has not reloaded{(order.AllOrNone ? ", so that none is to" : "")}.\n{Lines(failure.Problem)}{problems}{standings}\n";
        if (order is { AllOrNone: true, Files: null }) text += "The files of each are as they are: put the old ones back, or the next reload or start of a node takes the new ones.\n";
        return new CommandException(failure.ExitCode, text) { IsReport = true };
    }

    private void WarnOfDropped(string node, MemberReload done)
    {
        if (done.Dropped > 0) surroundings.Error.WriteLine(FormattableString.Invariant($"warning: {SafeText.Of(node)} has dropped {done.Dropped} messages, since what was removed or replaced could not finish them (reload)."));
    }

    public static string Lines(string problem) => ReloadCommand.Lines(problem.TrimEnd('\n') + "\n");

    public static int ExitCodeOf(MemberReload reload) =>
        reload.IsRefused ? ExitCode.NotPermitted : reload.NotTakenBack.Count > 0 ? ExitCode.Internal : ExitCode.Configuration;

    private sealed record Failure(string Problem, int ExitCode, MemberStanding Standing);
}
