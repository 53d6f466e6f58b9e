using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace MessageRouter.Testing.Running;

/// <summary>Has the dispatchers of an actor system leave their work to a pump; Akka finds it by its settings.</summary>
internal sealed class PumpExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>The settings that put it in place.</summary>
    public static readonly string Hocon = $$"""
        akka.actor {
          default-dispatcher { type = Dispatcher, executor = "{{typeof(PumpExecutor).AssemblyQualifiedName}}" }
          internal-dispatcher { type = Dispatcher, executor = "{{typeof(PumpExecutor).AssemblyQualifiedName}}" }
        }
        """;

    public override ExecutorService Produce(string id) =>
        new Service(id, Prerequisites.Settings.Setup.Get<PumpSetup>().Value.Pump);

    private sealed class Service(string id, Pump pump) : ExecutorService(id)
    {
        public override void Execute(IRunnable run) => pump.Add(run);

        public override void Shutdown()
        {
            // Others may have work for the pump.
        }
    }
}

/// <summary>Names the pump of an actor system that is about to be made.</summary>
internal sealed class PumpSetup(Pump pump) : Setup
{
    public Pump Pump { get; } = pump;
}
