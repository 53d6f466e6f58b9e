using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using MessageRouter.Mailboxes;
using MessageRouter.Testing.Time;

namespace MessageRouter.Testing.Running;

/// <summary>An actor system for one test after the other: to make it costs more than a test.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private static readonly string Settings = $$"""
        {{ComponentMailboxType.Hocon}}
        {{VirtualScheduler.Hocon}}
        {{PumpExecutor.Hocon}}
        akka {
          loggers = [], loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, log-dead-letters-during-shutdown = off
          coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }
        }
        """;

    private Bench(Pump pump, ActorSystem system)
    {
        Pump = pump;
        System = system;
    }

    public Pump Pump { get; }

    public ActorSystem System { get; }

    public static async Task<Bench> CreateAsync()
    {
        var pump = new Pump();
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(Settings)), new PumpSetup(pump));
        var creating = Task.Run(() => ActorSystem.Create("test", setup));
        await pump.UntilAsync(creating);
        return new Bench(pump, await creating);
    }

    /// <summary>Gets ready for the next test, whose time begins anew.</summary>
    public async Task<VirtualTime> BeginAsync()
    {
        // Until the last node's actors have ended, the next one's could not have their names.
        while (!((ExtendedActorSystem)System).Guardian.GetChild(["router"]).IsNobody())
        {
            await Pump.WaitAsync(TimeSpan.FromMilliseconds(1));
            Pump.Run();
        }
        var clock = new VirtualTime();
        VirtualScheduler.Use(System, clock);
        return clock;
    }

    public async ValueTask DisposeAsync() => await Pump.UntilAsync(System.Terminate());
}
