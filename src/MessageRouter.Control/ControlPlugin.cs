using MessageRouter.Components;
using MessageRouter.Control.Listening;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control;

/// <summary>The package's way into the router; found by a reference to the package alone.</summary>
public sealed class ControlPlugin : IPlugin, IBringsControl
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry)
    {
        // It has no components.
    }

    IControlEndpoint IBringsControl.Create(RouterNode node, ControlDefinition definition, ILoggerFactory loggers, TimeProvider clock) =>
        new ControlEndpoint(node, definition, loggers.CreateLogger("control"), clock);
}
