using MessageRouter.Components;
using MessageRouter.ZeroMq;
using Microsoft.Extensions.Logging;

namespace MessageRouter.NetMq;

/// <summary><c>engine = netmq</c> and <c>inproc://</c> of the components <c>zeromq</c>. The router finds it by the package's reference alone.</summary>
public sealed class NetMqPlugin : IPlugin, IBringsEngine
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry)
    {
        // An engine of components that are there.
    }

    IZeroMqEngine IBringsEngine.Engine(ILoggerFactory loggers) => new NetMqEngine(loggers);
}
