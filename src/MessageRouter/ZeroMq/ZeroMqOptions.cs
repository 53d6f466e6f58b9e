using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Plugins;
using MessageRouter.Security;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>The keys that the ZeroMQ input and output have in common.</summary>
internal abstract record ZeroMqOptions : IValidatableObject, IOwnsAddresses, IOpensInTurn, IListens, IConnects, IChangesWhereItCan, IGuardsAddresses, ISecured
{
    [Live]
    [Description("Endpoints to listen on, as in \"tcp://*:5222\"; port 0 takes any free one, which log and status name.")]
    public IReadOnlyList<string> Bind { get; init; } = [];

    [Live]
    [Description("Endpoints to connect to, as in \"tcp://10.0.0.1:5222\". Who connects may start first.")]
    public IReadOnlyList<string> Connect { get; init; } = [];

    [Description("What speaks the protocol: `native` is the router's own engine and speaks ZMTP 3 (libzmq since 4.0); `netmq` is for older peers, and no match for hostile ones. inproc:// endpoints are always NetMQ's.")]
    public WireEngine Engine { get; init; }

    [Description("Messages that wait for each peer to take them; 0 for no limit.")]
    [Range(0, int.MaxValue, ErrorMessage = "must be 0, for no limit, or more")]
    public int HighWaterMark { get; init; } = 10_000;

    [Description("How long a closing socket may still send what it was given; never longer.")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    [ByteSize]
    [Description("The largest message, all its frames together. A peer that sends a larger one is disconnected; it is counted as too-large, and so is one that is to be sent, which is dropped.")]
    [Range(1, int.MaxValue, ErrorMessage = "must be from 1B to 2047MiB")]
    public long MaxMessageSize { get; init; } = 16 << 20;

    [Live]
    [Description("What peers may do.")]
    public LimitsOptions Limits { get; init; } = new();

    [Description("When a lost connection is tried again.")]
    public ReconnectOptions Reconnect { get; init; } = new();

    [Description("How a peer that has gone silent is noticed.")]
    public HeartbeatOptions Heartbeat { get; init; } = new();

    [Description("Has both ends prove who they are, and encrypts what goes between them.")]
    public CurveOptions? Curve { get; init; }

    [Description("Has who connects say a user and his password, for peers that have no CURVE; nothing is encrypted.")]
    public PlainOptions? Plain { get; init; }

    /// <inheritdoc cref="ISecured.Security"/>
    internal EndpointSecurity? Security { get; init; }

    EndpointSecurity? ISecured.Security => Security;

    string? ISecured.OtherEngine => NeedsNetMq() is { } member ? OptionKey.Kebab(member) : null;

    IEnumerable<string> ISecured.ReadableLinks => BindEndpoints.Concat(ConnectEndpoints).Where(endpoint => endpoint.LeavesMachine).Select(endpoint => endpoint.Written);

    object ISecured.With(EndpointSecurity security) => this with { Security = security };

    internal const string LossAccountingDescription = "Whether this node and peers that are MessageRouter nodes too tell each other what was lost between them; others see no more than a property in the handshake, with the node's name. At-least-once links lose nothing, and count by the same property what went over them.";

    [Description(LossAccountingDescription)]
    public bool LossAccounting { get; init; } = true;

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Bind.Count == 0 && Connect.Count == 0)
            yield return new ValidationResult("needs an endpoint: give `bind`, as in bind = \"tcp://*:5222\", or `connect`", [nameof(Bind)]);
        foreach (var problem in Check(Bind, EndpointUse.Bind, nameof(Bind))) yield return problem;
        foreach (var problem in Check(Connect, EndpointUse.Connect, nameof(Connect))) yield return problem;
        foreach (var problem in Durations.Check(Linger, TimeSpan.Zero, nameof(Linger))) yield return problem;
        foreach (var problem in Limits.CheckFor(Bind, nameof(Limits), TakesMessages)) yield return problem;
        if (NeedsNetMq() is { } netMq && Limits.IsWritten)
            yield return new ValidationResult($"works only with engine = native{(netMq == nameof(Engine) ? "" : " and without inproc://")}: NetMQ hides its peers, and what they do cannot be limited; remove it", [nameof(Limits)]);
        if (NeedsNetMq() is { } reason && Bind.Concat(Connect).Any(IsIpc))
            yield return new ValidationResult("has NetMQ do the work, to which ipc:// is no Unix domain socket; leave it out, or use tcp://127.0.0.1:PORT in place of ipc://", [reason]);
        if (NeedsNetMq() is { } member && ExtensionPackage.NetMq is { Plugin: null } package) yield return new ValidationResult($"{package.Absence}: {package.Cure}", [member]);
    }

    /// <returns>The key because of which it does; null where it does not.</returns>
    private string? NeedsNetMq() => Engine == WireEngine.Netmq ? nameof(Engine)
        : Bind.Any(IsInProcess) ? nameof(Bind)
        : Connect.Any(IsInProcess) ? nameof(Connect)
        : null;

    private static bool IsIpc(string endpoint) => endpoint.StartsWith("ipc://", StringComparison.Ordinal);

    private static bool IsInProcess(string endpoint) => endpoint.StartsWith("inproc://", StringComparison.Ordinal);

    public IEnumerable<OwnedAddress> OwnedAddresses => BindEndpoints.Select(endpoint => endpoint.OwnedAddress);

    /// <remarks>The sockets of other engines stay as they are.</remarks>
    bool IChangesWhereItCan.CanBecome(object next) => IsNative && ((ZeroMqOptions)next).IsNative && ChangesEndpoints;

    IReadOnlyList<string> IConnects.Endpoints => Connect;

    IReadOnlyList<string> IGuardsAddresses.AllowFrom => Limits.AllowFrom;

    bool IGuardsAddresses.AsksPeers => Curve is { AsksPeers: true } || Plain is { AsksPeers: true };

    IEnumerable<ZmtpEndpoint> IListens.ListensOn(IReadOnlyList<string> lastEndpoints) => IsNative ? BindAgain(BindEndpoints, lastEndpoints) : [];

    /// <summary>Whether the component can listen and connect elsewhere while it works.</summary>
    private protected virtual bool ChangesEndpoints => true;

    /// <summary>Whether its peers send messages, for which nobody answers.</summary>
    private protected virtual bool TakesMessages => false;

    /// <summary>The endpoints that are listened on. Only for options that were found valid.</summary>
    internal IReadOnlyList<ZmtpEndpoint> BindEndpoints => Parse(Bind, EndpointUse.Bind);

    /// <summary>The endpoints that are connected to. Only for options that were found valid.</summary>
    internal IReadOnlyList<ZmtpEndpoint> ConnectEndpoints => Parse(Connect, EndpointUse.Connect);

    /// <summary>Whether the router's own engine speaks on all endpoints. Only for options that were found valid.</summary>
    internal bool IsNative => ZeroMqEngine.IsNative(Engine, BindEndpoints.Concat(ConnectEndpoints));

    /// <summary>The bytes that may wait for each peer where NetMQ speaks, which counts only messages; 0 for no limit.</summary>
    internal long MostBytesOfNetMq => HighWaterMark * MaxMessageSize;

    /// <summary>Fills in what does not depend on the direction.</summary>
    /// <param name="settings">The settings to fill in.</param>
    /// <param name="lastEndpoints">What the component was bound to before its restart.</param>
    internal TSettings Fill<TSettings>(TSettings settings, IReadOnlyList<string> lastEndpoints)
        where TSettings : SocketSettings
    {
        return settings with
        {
            Bind = BindAgain(BindEndpoints, lastEndpoints),
            Connect = ConnectEndpoints,
            Engine = Engine,
            HighWaterMark = HighWaterMark,
            MaxMessageSize = MaxMessageSize,
            Linger = Linger,
            ReconnectMin = Reconnect.Min,
            ReconnectMax = Reconnect.Max,
            HeartbeatInterval = Heartbeat.Interval,
            HeartbeatTimeout = Heartbeat.Timeout,
            Limits = Limits.ForPeers,
        };
    }

    /// <summary>The endpoints to listen on after a restart: where the system chose a port, peers know that one.</summary>
    internal static IReadOnlyList<ZmtpEndpoint> BindAgain(IReadOnlyList<ZmtpEndpoint> bind, IReadOnlyList<string> lastEndpoints) =>
        lastEndpoints.Count >= bind.Count && bind.Any(endpoint => endpoint is { IsTcp: true, Port: 0 })
            ? Parse([.. lastEndpoints.Take(bind.Count)], EndpointUse.Bind)
            : bind;

    internal static IEnumerable<ValidationResult> Check(IReadOnlyList<string> endpoints, EndpointUse use, string member)
    {
        var good = new List<ZmtpEndpoint>();
        foreach (var text in endpoints)
        {
            if (!ZmtpEndpoint.TryParse(text, use, out var endpoint, out var problem, inProcess: true))
                yield return new ValidationResult($"\"{text}\" {problem}", [member]);
            else if (good.Contains(endpoint) || (use == EndpointUse.Bind && good.Any(endpoint.ClashesWith)))
                yield return new ValidationResult($"\"{text}\" is there twice; remove one", [member]);
            else
                good.Add(endpoint);
        }
    }

    internal static List<ZmtpEndpoint> Parse(IReadOnlyList<string> endpoints, EndpointUse use) =>
        endpoints.Select(text => ZmtpEndpoint.TryParse(text, use, out var endpoint, out var problem, inProcess: true)
            ? endpoint
            : throw new EndpointException($"\"{text}\" {problem}.")).ToList();
}

/// <summary>When a lost connection is tried again.</summary>
internal sealed record ReconnectOptions : IValidatableObject
{
    [Description("The first pause; each further one is longer.")]
    public TimeSpan Min { get; init; } = TimeSpan.FromMilliseconds(100);

    [Description("The longest pause.")]
    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(Min, TimeSpan.FromMilliseconds(1), nameof(Min))) yield return problem;
        foreach (var problem in Durations.Check(Max, TimeSpan.FromMilliseconds(1), nameof(Max))) yield return problem;
        if (Max < Min) yield return new ValidationResult("must not be less than `min`", [nameof(Max), nameof(Min)]);
    }
}

/// <summary>How a peer that has gone silent is noticed.</summary>
internal sealed record HeartbeatOptions : IValidatableObject
{
    [Description("How often a peer is asked whether it is there; 0s for never.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    [Description("How long after that it may stay silent before the connection is closed.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(Interval, TimeSpan.Zero, nameof(Interval))) yield return problem;
        foreach (var problem in Durations.Check(Timeout, TimeSpan.FromMilliseconds(1), nameof(Timeout))) yield return problem;
    }
}
