using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.ZeroMq;

/// <summary>What the peers of a component may do; the defaults are those of the engine.</summary>
internal sealed record LimitsOptions : IValidatableObject
{
    private const string AtLeastOne = "must be 1 or more; leave it out for its default";

    private const string AtLeastOneOrNone = "must be 1 or more; leave it out for no limit";

    public static LimitsOptions Default { get; } = new();

    [Description("Accepted connections in all; who comes when there are as many is refused.")]
    [Range(1, ZmtpLimits.MostConnections, ErrorMessage = "must be from 1 to 65000")]
    public int Connections { get; init; } = ZmtpLimits.Default.Connections;

    [Description("Accepted connections from one address; of IPv6 from one /64 network.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    public int ConnectionsPerAddress { get; init; } = ZmtpLimits.Default.ConnectionsPerAddress;

    [Description("New connections a second from one address, of five times as many at once; others are refused before anything is kept of them.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    public int ConnectionsPerSecond { get; init; } = ZmtpLimits.Default.ConnectionsPerSecond;

    [Description("Accepted connections at a time that have not introduced themselves; when there are more, the oldest one of the address that has the most of them ends.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    public int Handshakes { get; init; } = ZmtpLimits.Default.Handshakes;

    [Description("How long a peer may take to introduce itself.")]
    public TimeSpan HandshakeTime { get; init; } = ZmtpLimits.Default.HandshakeTime;

    [Description("Frames of one message.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    public int Frames { get; init; } = ZmtpLimits.Default.Frames;

    [Description("How long one message may take from its first byte to its last, while it is read.")]
    public TimeSpan MessageTime { get; init; } = ZmtpLimits.Default.MessageTime;

    [Description("Messages a second from one peer, subscriptions included; as many as of one second may come at once. Without it no limit.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOneOrNone)]
    public int? MessagesPerSecond { get; init; }

    [ByteSize]
    [Description("Bytes a second from one peer; as many as of one second may come at once. Without it no limit.")]
    [Range(1, long.MaxValue, ErrorMessage = AtLeastOneOrNone)]
    public long? BytesPerSecond { get; init; }

    [Description("What becomes of messages that are more than that: `wait` has the peer not read from until its time has come, so that a pusher waits and a publisher drops; `drop` drops them, counted as over-rate.")]
    public RateExcess OverRate { get; init; } = ZmtpLimits.Default.OverRate;

    [Description("PUB: subscriptions of one peer.")]
    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    public int Subscriptions { get; init; } = ZmtpLimits.Default.Subscriptions;

    [ByteSize]
    [Description("PUB: bytes that the subscriptions of one peer take, 360 for each beside its prefix.")]
    [Range(1, long.MaxValue, ErrorMessage = AtLeastOne)]
    public long SubscriptionBytes { get; init; } = ZmtpLimits.Default.SubscriptionBytes;

    [ByteSize]
    [Description("PUB: bytes that those of all peers take together, and of those that are away; when it is more, of the address that has the most the peer that has the most ends.")]
    [Range(1, long.MaxValue, ErrorMessage = AtLeastOne)]
    public long AllSubscriptionBytes { get; init; } = ZmtpLimits.Default.AllSubscriptionBytes;

    [Description("Networks or addresses from which connections are taken, such as [\"10.0.0.0/8\", \"fd00::/8\"]; empty for all. IPv4 counts as IPv4, also at an IPv6 socket; a Unix domain socket has no addresses.")]
    public IReadOnlyList<string> AllowFrom { get; init; } = [];

    [Description("Networks or addresses from which none are taken, also where they are part of one in `allow-from`.")]
    public IReadOnlyList<string> DenyFrom { get; init; } = [];

    /// <summary>Whether anything is said that only the router's own engine can do.</summary>
    internal bool IsWritten => this != Default;

    /// <summary>The same for the engine. Only for options that were found valid.</summary>
    internal ZmtpLimits ForPeers => new()
    {
        Connections = Connections,
        ConnectionsPerAddress = ConnectionsPerAddress,
        ConnectionsPerSecond = ConnectionsPerSecond,
        Handshakes = Handshakes,
        HandshakeTime = HandshakeTime,
        Frames = Frames,
        MessageTime = MessageTime,
        MessagesPerSecond = MessagesPerSecond,
        BytesPerSecond = BytesPerSecond,
        OverRate = OverRate,
        Subscriptions = Subscriptions,
        SubscriptionBytes = SubscriptionBytes,
        AllSubscriptionBytes = AllSubscriptionBytes,
        AllowFrom = Networks(AllowFrom),
        DenyFrom = Networks(DenyFrom),
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(HandshakeTime, TimeSpan.FromMilliseconds(1), nameof(HandshakeTime))) yield return problem;
        foreach (var problem in Durations.Check(MessageTime, TimeSpan.FromMilliseconds(1), nameof(MessageTime))) yield return problem;
        foreach (var problem in CheckNetworks(AllowFrom, nameof(AllowFrom)).Concat(CheckNetworks(DenyFrom, nameof(DenyFrom)))) yield return problem;
        if (OverRate == RateExcess.Drop && MessagesPerSecond is null && BytesPerSecond is null)
            yield return new ValidationResult("works only with `messages-per-second` or `bytes-per-second`; give one, or remove it", [nameof(OverRate)]);
        foreach (var text in DenyFrom.Where(text => text.EndsWith("/0", StringComparison.Ordinal)))
            yield return new ValidationResult($"\"{text}\" denies everybody; name in `allow-from` who may connect, and leave it out", [nameof(DenyFrom)]);
        foreach (var text in AllowFrom.Where(IsDenied))
            yield return new ValidationResult($"\"{text}\" is denied as a whole by `deny-from`; remove it here or there", [nameof(AllowFrom)]);
    }

    /// <summary>What depends on the component that has them.</summary>
    /// <param name="bind">What it listens on.</param>
    /// <param name="member">The option that has the limits.</param>
    /// <param name="receives">Whether it is a socket that receives and whose messages nobody answers for.</param>
    internal IEnumerable<ValidationResult> CheckFor(IReadOnlyList<string> bind, string member, bool receives)
    {
        foreach (var (list, name) in new[] { (AllowFrom, nameof(AllowFrom)), (DenyFrom, nameof(DenyFrom)) })
        {
            if (list.Count > 0 && !bind.Any(endpoint => endpoint.StartsWith("tcp://", StringComparison.Ordinal)))
                yield return new ValidationResult($"has `{OptionName(name)}`, which works only where tcp:// is bound; remove it", [$"{member}.{name}", member]);
        }
        if (OverRate == RateExcess.Drop && !receives)
            yield return new ValidationResult("has `over-rate = drop`, which works only on inputs with delivery = at-most-once; leave it out, and the peer waits", [$"{member}.{nameof(OverRate)}", member]);
    }

    private static string OptionName(string member) => member == nameof(AllowFrom) ? "allow-from" : "deny-from";

    private static IEnumerable<ValidationResult> CheckNetworks(IReadOnlyList<string> networks, string member)
    {
        foreach (var text in networks)
        {
            if (!NetworkText.TryParse(text, out _, out var problem)) yield return new ValidationResult($"\"{text}\" {problem}", [member]);
        }
    }

    private bool IsDenied(string allowed) =>
        NetworkText.TryParse(allowed, out var network, out _)
        && Networks(DenyFrom).Any(denied => denied.PrefixLength <= network.PrefixLength && denied.BaseAddress.AddressFamily == network.BaseAddress.AddressFamily && denied.Contains(network.BaseAddress));

    private static IReadOnlyList<IPNetwork> Networks(IReadOnlyList<string> texts)
    {
        var networks = new List<IPNetwork>(texts.Count);
        foreach (var text in texts)
        {
            if (NetworkText.TryParse(text, out var network, out _)) networks.Add(network);
        }
        return networks;
    }
}
