using System.Net.Sockets;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>A component could not be started; the node was not started either.</summary>
public sealed class ComponentStartException : Exception
{
    internal ComponentStartException(ComponentDefinition component, Exception cause)
        : base($"{component.FullName} could not be started: {cause.Message}", cause)
    {
        Component = component;
    }

    /// <summary>The component.</summary>
    public ComponentDefinition Component { get; }

    /// <summary>Whether something outside the node, a file or an endpoint, is what could not be opened.</summary>
    public bool IsUnavailable => InnerException is IOException or UnauthorizedAccessException or SocketException;
}
