using System.Globalization;
using Akka.Actor;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Routing;

/// <summary>
/// Makes components: a constructor may ask for the block's <c>Options</c>, an <see cref="ILogger"/> under the
/// component's name, the <see cref="TimeProvider"/>, and any service of the host.
/// </summary>
internal sealed class ComponentActivator(IServiceProvider services)
{
    /// <summary>Starts a component's actor; whether that worked is said by <see cref="ComponentCell.Started"/>.</summary>
    public void Start(IActorContext context, string name, ComponentCell cell)
    {
        // Two actors of one component may live beside one another for a while.
        if (cell.Generation > 0) name = string.Create(CultureInfo.InvariantCulture, $"{name}@{cell.Generation}");
        ComponentCells.Of(context.System).Add(context.Self.Path / name, cell);
        var props = cell.Pool is null ? Props.CreateBy(new Producer(services, cell)) : Props.Create(() => new PoolActor(this));
        try
        {
            if (cell.Definition.Singleton is { } singleton) cell.Turn = cell.Intake!.Turn = services.GetRequiredService<ISingletons>().Claim(cell.Definition.FullName, singleton.Role);
            if (cell is { Definition.Placement: not null, Pool: not null }) cell.Placements = services.GetRequiredService<IPlacements>();
            cell.Actor = context.ActorOf(props.WithMailbox(ComponentMailboxType.Id), name);
        }
        catch (Exception exception) when (exception is InvalidActorNameException or InvalidOperationException)
        {
            cell.Started.TrySetException(exception);
            cell.Drained.TrySetResult();
        }
    }

    private sealed class Producer(IServiceProvider services, ComponentCell cell) : IIndirectActorProducer, IServiceProvider
    {
        public Type ActorType => (cell.Definition.Options as IChoosesActor)?.Actor ?? cell.Definition.Type.ActorType;

        public ActorBase Produce() => (ActorBase)ActivatorUtilities.CreateInstance(this, ActorType, [.. cell.Definition.Type.Arguments]);

        public void Release(ActorBase actor)
        {
        }

        /// <summary>A host remembers for all time what it was asked for, and would keep a plug-in's types; it cannot have services of these.</summary>
        private object? OfPlugin(Type type) =>
            !type.IsConstructedGenericType ? null
            : type.GetGenericTypeDefinition() != typeof(ILogger<>) ? services.GetService(type)
            : Activator.CreateInstance(typeof(Logger<>).MakeGenericType(type.GenericTypeArguments), services.GetRequiredService<ILoggerFactory>());

        public object? GetService(Type type)
        {
            if (type == cell.Definition.Type.OptionsType) return cell.Definition.Options;
            if (type == typeof(ILogger)) return cell.Logger;
            if (type == typeof(TimeProvider)) return cell.Clock;
            return type.IsCollectible ? OfPlugin(type) : services.GetService(type);
        }
    }
}
