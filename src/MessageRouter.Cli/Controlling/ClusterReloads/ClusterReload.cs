using MessageRouter.Clustering;
using MessageRouter.Control.Serving;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling.ClusterReloads;

/// <summary><c>message-router reload --cluster</c>: the plans of all nodes and, where all can, each carried out, one after the other.</summary>
internal sealed class ClusterReload(ControlClient client, ClusterReloadOrder order, Surroundings surroundings)
{
    /// <summary>How many nodes make their plans at a time.</summary>
    private const int AtOnce = 8;

    /// <exception cref="CommandException">A node is away, refuses, or has failed: it says where things stand.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var changing = await PlanAsync(await MembersAsync(cancellation), cancellation);
        if (order.IsPlan || changing.Count == 0) return;
        if (!order.IsAgreed && !await ReloadCommand.AgreesAsync(surroundings, cancellation))
        {
            surroundings.Output.WriteLine("Nothing was changed.");
            return;
        }
        await new MemberReloads(client.ReloadMemberAsync, order, surroundings).RunAsync(changing, cancellation);
        if (order.Files is not null) surroundings.Output.WriteLine("That holds until a node reads its own files again: at its next reload without FILE, at SIGHUP, or when it is started.");
    }

    private async Task<List<string>> MembersAsync(CancellationToken cancellation)
    {
        var report = await client.ClusterAsync(cancellation);
        var nodes = report.Nodes.Where(node => order.Role is null || node.Member.Roles.Contains(order.Role)).OrderBy(node => node.Member.Name, StringComparer.Ordinal).ToList();
        if (nodes.Count == 0) throw CommandException.Usage($"no node of the cluster {SafeText.Of(report.Cluster.Name)} has the role `{SafeText.Of(order.Role ?? "")}`");
        var away = nodes.FindAll(node => node.Status is null).ConvertAll(node => SafeText.Of(node.Member.Name));
        return away.Count == 0 ? nodes.ConvertAll(node => node.Member.Name)
            : throw CommandException.Unavailable($"{string.Join(", ", away)} {(away.Count == 1 ? "does" : "do")} not answer, and would stay as before; nothing was changed.");
    }

    /// <returns>Those that change.</returns>
    /// <exception cref="CommandException">Some cannot: it names all of them.</exception>
    private async Task<List<(string Node, MemberReload Plan)>> PlanAsync(List<string> nodes, CancellationToken cancellation)
    {
        using var turns = new SemaphoreSlim(AtOnce);
        var plans = await Task.WhenAll(nodes.Select(node => PlanAsync(node, turns, cancellation)));
        foreach (var (node, plan, _) in plans.Where(plan => plan.Plan.Problem is null)) Show(node, plan);
        if (plans.FirstOrDefault(plan => plan.Plan.Problem is not null) is not { Plan: not null } first) return [.. plans.Select(plan => (plan.Node, plan.Plan)).Where(plan => plan.Plan.ChangesAnything)];
        throw new CommandException(first.ExitCode, string.Concat(plans.Select(plan => plan.Plan.Problem is { } problem ? $"error: {SafeText.Of(plan.Node)} cannot reload; nothing was changed.\n{MemberReloads.Lines(problem)}" : ""))) { IsReport = true };
    }

    private async Task<(string Node, MemberReload Plan, int ExitCode)> PlanAsync(string node, SemaphoreSlim turns, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            var plan = await client.ReloadMemberAsync(new ClusterReloadRequest(node, Plan: true, Files: order.Files), cancellation);
            return (node, plan, MemberReloads.ExitCodeOf(plan));
        }
        catch (CommandException exception)
        {
            return (node, new MemberReload { Problem = exception.Message }, exception.ExitCode);
        }
        finally
        {
            turns.Release();
        }
    }

    private void Show(string node, MemberReload plan)
    {
        if (plan.Warnings is { } warnings) surroundings.Error.Write($"{SafeText.Of(node)}: {ReloadCommand.Lines(warnings)}");
        surroundings.Output.Write(plan.ChangesAnything ? $"{SafeText.Of(node)}: {ReloadCommand.Lines(plan.Text)}" : $"{SafeText.Of(node)}: nothing has changed that it can take while it runs.\n");
        if (plan.NeedsRestart.Count > 0) surroundings.Error.WriteLine($"warning: {SafeText.Of(node)}: {SafeText.Of(string.Join(", ", plan.NeedsRestart))} {(plan.NeedsRestart.Count == 1 ? "stays as it is" : "stay as they are")} until it is started again.");
    }
}
