namespace MessageRouter.Components;

/// <summary>Options by which one of several actors does a component's work.</summary>
internal interface IChoosesActor
{
    /// <summary>The actor; null for that of the component's type.</summary>
    Type? Actor { get; }
}
