using System.Reflection;
using System.Runtime.Loader;

namespace MessageRouter.Components;

/// <summary>One kind of component: what <c>type</c> or <c>class</c> in a configuration names.</summary>
public sealed record ComponentType
{
    /// <summary>Input, filter or output.</summary>
    public required ComponentRole Role { get; init; }

    /// <summary>The name that <c>type</c> takes; for a class that is not registered its full name.</summary>
    public required string Name { get; init; }

    /// <summary>The actor: a class derived from <see cref="InputActor"/>, from <see cref="OutputActor"/>, or from <see cref="FilterActor"/>
    /// or another form of filters.</summary>
    public required Type ActorType { get; init; }

    /// <summary>One sentence for <c>message-router components</c>.</summary>
    public string Summary { get; init; } = "";

    /// <summary>A block that runs as it stands.</summary>
    public string Example { get; init; } = "";

    /// <summary>The class whose properties are the block's keys: the actor's nested <c>Options</c>; null where it has none.</summary>
    public Type? OptionsType => ActorType.GetNestedType("Options", BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary>Whether it is a filter that works on several messages at a time, and has the keys for that.</summary>
    internal bool IsAsync => ActorType.IsAssignableTo(typeof(AsyncFilterActor));

    /// <summary>What the actor's constructor is given besides what it asks for.</summary>
    internal IReadOnlyList<object> Arguments { get; init; } = [];

    /// <summary>Where its class lives: that of a plug-in would be unloaded if nobody held it.</summary>
    internal AssemblyLoadContext? Context { get; init; }

    /// <summary>Describes an actor class.</summary>
    /// <exception cref="ArgumentException">The class cannot be a component; the message says why.</exception>
    public static ComponentType Of(Type actorType, string? name = null, string summary = "", string example = "")
    {
        ArgumentNullException.ThrowIfNull(actorType);
        ComponentRole role;
        if (actorType.IsAssignableTo(typeof(InputActor))) role = ComponentRole.Input;
        else if (actorType.IsAssignableTo(typeof(FilterBase))) role = ComponentRole.Filter;
        else if (actorType.IsAssignableTo(typeof(OutputActor))) role = ComponentRole.Output;
        else throw new ArgumentException($"{actorType.FullName} is neither an InputActor, an OutputActor nor a filter (FilterActor, EmittingFilterActor, AsyncFilterActor).", nameof(actorType));
        if (actorType.IsAbstract || actorType.ContainsGenericParameters)
            throw new ArgumentException($"{actorType.FullName} is abstract or generic.", nameof(actorType));
        return new ComponentType { Role = role, Name = name ?? actorType.FullName!, ActorType = actorType, Summary = summary, Example = example, Context = AssemblyLoadContext.GetLoadContext(actorType.Assembly) };
    }
}
