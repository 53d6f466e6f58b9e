using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control;

/// <summary>The package that has the control endpoint.</summary>
internal interface IBringsControl
{
    /// <summary>Makes the endpoint of a node.</summary>
    /// <exception cref="ControlStartException">A file that it needs cannot be read.</exception>
    IControlEndpoint Create(RouterNode node, ControlDefinition definition, ILoggerFactory loggers, TimeProvider clock);
}

/// <summary>A node's control endpoint.</summary>
internal interface IControlEndpoint : IAsyncDisposable
{
    /// <summary>Listens. What answers is loaded when somebody first calls, so that a start takes no longer.</summary>
    /// <exception cref="ControlStartException">An address cannot be had.</exception>
    void Open();

    /// <summary>The node has started: what can wait until then begins.</summary>
    void BeginWork();

    /// <summary>The node has stopped: answers nobody any more, and has the last metrics pushed, for which it waits a moment only.</summary>
    Task StopAsync();

    /// <summary>Listens no more and leaves no socket behind; at once, and as often as one likes.</summary>
    void Close();
}
