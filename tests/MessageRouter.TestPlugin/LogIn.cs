using MessageRouter;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace Acme.Filters;

/// <summary>Says its password wherever a careless component may: in its log, in what it throws, and in what a thread of its own ends the process with.</summary>
public sealed partial class LogIn(LogIn.Options options) : FilterActor
{
    protected override Message? Filter(Message message)
    {
        Failed(Logger, options);
        if (message["crash"]?.ToString() == "true") new Thread(() => throw new InvalidOperationException($"Cannot log in with {options}.")).Start();
        throw new MessageException($"cannot log in with {options.Password}");
    }

    public sealed record Options(string Password);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot log in with {Options}.")]
    private static partial void Failed(ILogger logger, Options options);
}
