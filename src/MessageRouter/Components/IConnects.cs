namespace MessageRouter.Components;

/// <summary>Implemented by options that name what a component connects to.</summary>
internal interface IConnects
{
    /// <summary>The endpoints, as they are written. Only for options that were found valid.</summary>
    IReadOnlyList<string> Endpoints { get; }
}
