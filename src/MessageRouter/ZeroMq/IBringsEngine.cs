using Microsoft.Extensions.Logging;

namespace MessageRouter.ZeroMq;

/// <summary>A package's plug-in that has an engine.</summary>
internal interface IBringsEngine
{
    /// <summary>Makes the engine for one node.</summary>
    IZeroMqEngine Engine(ILoggerFactory loggers);
}
