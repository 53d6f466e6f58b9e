using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Options;

namespace MessageRouter.Extensions.Logging;

/// <summary>Where log events go and what they look like; the section <c>Logging:MessageRouter</c> of the configuration.</summary>
public sealed class MessageRouterLoggerOptions
{
    /// <summary>Where to connect to: <c>tcp://logs:5224</c>, or <c>ipc:///run/logs.sock</c>. Has to be given.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>More endpoints to connect to, such as <c>tcp://logs2:5224</c>: PUSH shares events out among all that are there, PUB sends them to all.</summary>
    public IList<string> MoreEndpoints { get; } = [];

    /// <summary>PUSH or PUB; PUSH where nothing is said. The node's input has the matching <c>socket-type</c>.</summary>
    public ClientSocket Socket { get; set; }

    /// <summary>What an event looks like.</summary>
    public LogShape Shape { get; set; }

    /// <summary>The name of the application; that of the program where nothing is said.</summary>
    public string? Application { get; set; } = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name;

    /// <summary>Whether the scopes in which something is logged add their fields; true where nothing is said.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>Events that wait to be sent, from 1; 100,000.</summary>
    public int Capacity { get; set; } = 100_000;

    /// <summary>The same in bytes, from 1; 32 MiB.</summary>
    public long CapacityBytes { get; set; } = 32 << 20;

    /// <summary>What gives way then; the newest where nothing is said.</summary>
    public ClientOverflow Overflow { get; set; }

    /// <summary>Whether the next event after a loss says how many were lost, in a field <c>dropped</c>; true where nothing is said.</summary>
    public bool TellLosses { get; set; } = true;

    /// <summary>How long the end of the application may take to send what waits, at most an hour; 2 s. In a configuration <c>00:00:05</c> is five seconds; <c>5</c> would be days.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How both ends prove who they are: <see cref="PlainSecurity"/>, or <c>CurveSecurity</c> of the package MessageRouter.Curve; null for not at all. It is set in code.</summary>
    public ZmtpSecurity? Security { get; set; }

    /// <summary>What the configuration says of them that cannot be read.</summary>
    internal List<string> Unread { get; } = [];

    internal MessageClientOptions ForClient() => new()
    {
        Socket = Socket,
        MoreEndpoints = [.. MoreEndpoints],
        Capacity = Capacity,
        CapacityBytes = CapacityBytes,
        Overflow = Overflow,
        TellLosses = TellLosses,
        Linger = Linger,
        Security = Security,
    };
}

/// <summary>Finds what is wrong before anything is logged.</summary>
internal sealed class MessageRouterLoggerOptionsCheck : IValidateOptions<MessageRouterLoggerOptions>
{
    private const string Where = "Logging:MessageRouter";

    public ValidateOptionsResult Validate(string? name, MessageRouterLoggerOptions options)
    {
        List<string> problems = [.. options.Unread.Select(problem => $"{Where}:{problem}.")];
        if (string.IsNullOrEmpty(options.Endpoint)) problems.Add($"{Where} needs an Endpoint, as in \"tcp://logs:5224\".");
        else problems.AddRange(ZmtpEndpoints.Problems([options.Endpoint, .. options.MoreEndpoints], EndpointUse.Connect).Select(wrong => $"{Where}:{(wrong.At == 0 ? "Endpoint" : $"MoreEndpoints:{wrong.At - 1}")} {wrong.Problem}."));
        if (options.Capacity < 1) problems.Add($"{Where}:Capacity must be 1 or more, not {options.Capacity}.");
        if (options.CapacityBytes < 1) problems.Add($"{Where}:CapacityBytes must be 1 or more, not {options.CapacityBytes}.");
        if (LoggingChecks.Problem(options.Linger) is { } linger) problems.Add($"{Where}:Linger {linger}.");
        if (LoggingChecks.Problem(options.Shape) is { } shape) problems.Add($"{Where}:Shape {shape}.");
        if (!Enum.IsDefined(options.Socket)) problems.Add($"{Where}:Socket is neither Push nor Pub.");
        if (!Enum.IsDefined(options.Overflow)) problems.Add($"{Where}:Overflow is neither DropNewest nor DropOldest.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
