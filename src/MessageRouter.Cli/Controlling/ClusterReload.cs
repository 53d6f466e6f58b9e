using MessageRouter.Clustering;
using MessageRouter.Control.Serving;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router reload --cluster</c>: the plans of all nodes, then each carried out, one after the other, until one fails.</summary>
internal sealed class ClusterReload(ControlClient client, Surroundings surroundings)
{
    /// <exception cref="CommandException">A node is away, refuses, or has failed: it says where things stand.</exception>
    public async Task RunAsync(string? role, bool isPlan, bool isAgreed, CancellationToken cancellation)
    {
        var plans = await PlanAsync(await MembersAsync(role, cancellation), cancellation);
        var changing = plans.FindAll(plan => plan.Plan.ChangesAnything);
        if (isPlan || changing.Count == 0) return;
        if (!isAgreed && !await ReloadCommand.AgreesAsync(surroundings, cancellation))
        {
            surroundings.Output.WriteLine("Nothing was changed.");
            return;
        }
        for (var at = 0; at < changing.Count; at++)
        {
            var (node, plan) = changing[at];
            MemberReload done;
            try
            {
                done = await client.ReloadMemberAsync(new ClusterReloadRequest(node, Plan: false, plan.Id), cancellation);
            }
            catch (CommandException exception)
            {
                throw Stopped(changing, at, exception.Message, exception.ExitCode, isKnown: false);
            }
            if (done.Problem is { } problem) throw Stopped(changing, at, problem, ExitCodeOf(done), isKnown: true);
            surroundings.Output.WriteLine(FormattableString.Invariant($"{SafeText.Of(node)}: revision {done.Revision} is in force, and everything is done, in {done.Seconds:0.000} s."));
            if (done.Dropped > 0) surroundings.Error.WriteLine(FormattableString.Invariant($"warning: {SafeText.Of(node)} has dropped {done.Dropped} messages, since what was removed or replaced could not finish them (reload)."));
        }
    }

    private async Task<List<string>> MembersAsync(string? role, CancellationToken cancellation)
    {
        var report = await client.ClusterAsync(cancellation);
        var nodes = report.Nodes.Where(node => role is null || node.Member.Roles.Contains(role)).OrderBy(node => node.Member.Name, StringComparer.Ordinal).ToList();
        if (nodes.Count == 0) throw CommandException.Usage($"no node of the cluster {SafeText.Of(report.Cluster.Name)} has the role `{SafeText.Of(role ?? "")}`");
        var away = nodes.FindAll(node => node.Status is null).ConvertAll(node => SafeText.Of(node.Member.Name));
        return away.Count == 0 ? nodes.ConvertAll(node => node.Member.Name)
            : throw CommandException.Unavailable($"{string.Join(", ", away)} {(away.Count == 1 ? "does" : "do")} not answer, and would stay as before; nothing was changed.");
    }

    private async Task<List<(string Node, MemberReload Plan)>> PlanAsync(List<string> nodes, CancellationToken cancellation)
    {
        var plans = new List<(string Node, MemberReload Plan)>();
        foreach (var node in nodes)
        {
            var plan = await client.ReloadMemberAsync(new ClusterReloadRequest(node, Plan: true), cancellation);
            if (plan.Problem is { } problem) throw Report($"error: {SafeText.Of(node)} cannot reload; nothing was changed.\n{ReloadCommand.Lines(problem.TrimEnd('\n') + "\n")}", ExitCodeOf(plan));
            plans.Add((node, plan));
            surroundings.Error.Write(ReloadCommand.Lines(plan.Warnings ?? ""));
            surroundings.Output.Write(plan.ChangesAnything ? $"{SafeText.Of(node)}: {ReloadCommand.Lines(plan.Text)}" : $"{SafeText.Of(node)}: nothing has changed that it can take while it runs.\n");
            if (plan.NeedsRestart.Count > 0) surroundings.Error.WriteLine($"warning: {SafeText.Of(node)}: {SafeText.Of(string.Join(", ", plan.NeedsRestart))} {(plan.NeedsRestart.Count == 1 ? "stays as it is" : "stay as they are")} until it is started again.");
        }
        return plans;
    }

    private static CommandException Stopped(List<(string Node, MemberReload Plan)> nodes, int at, string problem, int exitCode, bool isKnown)
    {
        var (done, failed, left) = (Names(nodes[..at]), SafeText.Of(nodes[at].Node), Names(nodes[(at + 1)..]));
        return Report(
            $"error: {failed} has not reloaded.\n{ReloadCommand.Lines(problem.TrimEnd('\n') + "\n")}"
            + $"where things stand: {(done.Length == 0 ? "" : $"{done} as the files say now; ")}{(isKnown ? $"{failed} as before" : $"of {failed} it is not known")}{(left.Length == 0 ? "" : $"; {left} as before")}.\n",
            exitCode);
    }

    private static CommandException Report(string text, int exitCode) => new(exitCode, text) { IsReport = true };

    private static string Names(List<(string Node, MemberReload Plan)> nodes) => string.Join(", ", nodes.Select(node => SafeText.Of(node.Node)));

    private static int ExitCodeOf(MemberReload reload) => reload.IsRefused ? ExitCode.NotPermitted : ExitCode.Configuration;
}
