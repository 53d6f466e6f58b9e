using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Workers;

/// <summary>A node with worker processes that a test controls.</summary>
internal sealed class WorkerNode(ScriptedProcesses processes, TestNode node) : IAsyncDisposable
{
    public ScriptedProcesses Processes => processes;

    public TestNode Test => node;

    public RouterNode Node => node.Node;

    /// <summary>What a worker is said to be at.</summary>
    public ProcessLine this[string worker] => node.Node.Ledger().Processes.Single(line => line.Name == worker);

    public static WorkerGroupDefinition Group(string name = "w", int instances = 1, SupervisionOptions? supervision = null) => new()
    {
        Name = name,
        Command = ["work"],
        Instances = instances,
        Directory = "/",
        StopTimeout = TimeSpan.FromSeconds(5),
        Supervision = supervision ?? new SupervisionOptions(),
    };

    public static Task<WorkerNode> StartAsync(params WorkerGroupDefinition[] groups) =>
        StartAsync(Some.Chain(new ProbeSource().Input()), groups);

    public static async Task<WorkerNode> StartAsync(NodeDefinition definition, params WorkerGroupDefinition[] groups)
    {
        var processes = new ScriptedProcesses();
        var node = await TestNode.StartAsync(definition with { Workers = groups }, services => services.AddSingleton<IWorkerProcesses>(processes));
        return new WorkerNode(processes, node);
    }

    /// <summary>Ends a process and waits until the node has decided what follows.</summary>
    public async Task ExitAsync(ScriptedProcess process, int code = 1)
    {
        process.Exit(code);
        await Eventually.IsTrueAsync(() => this[process.Name].Pid != process.Id);
        await HandledAsync(process.Name);
    }

    /// <summary>Waits until the actor of a worker or a group has done all that it had to do up to now, what comes to it from above included.</summary>
    public async Task HandledAsync(string worker)
    {
        var path = "/user";
        foreach (var step in (string[])["router", "workers", .. worker.Split('.')])
        {
            path = $"{path}/{step}";
            await node.System.ActorSelection(path).Ask<ActorIdentity>(new Identify(1), Timeout.InfiniteTimeSpan).WaitAsync(TestNode.Patience);
        }
    }

    public Task WaitForStateAsync(string worker, string state) => Eventually.IsTrueAsync(() => this[worker].State == state, () => Node.Ledger().ToJson());

    public ValueTask DisposeAsync() => node.DisposeAsync();
}
