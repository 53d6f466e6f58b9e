using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using MessageRouter.Configuration;

namespace MessageRouter.Control;

/// <summary>Where a running node can be looked at and led: the block <c>control</c> of the router.</summary>
public sealed record ControlOptions : IValidatableObject
{
    /// <summary>A Unix domain socket's longest path, in bytes: what Linux has room for.</summary>
    internal const int LongestPath = 107;

    /// <summary>The path of the node's Unix domain socket; empty for the one that its name and process give, <c>off</c> for none.</summary>
    [Description("The path of the node's Unix domain socket, for its own user only; empty for one named after node and process in the user's runtime folder, where the command finds it; `off` for none.")]
    public string Socket { get; init; } = "";

    /// <summary>The same over HTTP; null, the default, for not.</summary>
    [Description("The same over HTTP, and the page in the browser; without this block not at all.")]
    public HttpControlOptions? Http { get; init; }

    /// <summary>Metrics that are pushed; null, the default, for none.</summary>
    [Description("Pushes metrics by OTLP; without this block not.")]
    public OtlpOptions? Otlp { get; init; }

    /// <summary>From when on the node counts as ill.</summary>
    [Description("From when on the node counts as degraded.")]
    public HealthOptions Health { get; init; } = new();

    /// <summary>Whether there is a Unix domain socket.</summary>
    internal bool HasSocket => Socket != "off";

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (HasSocket && System.Text.Encoding.UTF8.GetByteCount(Socket) > LongestPath) yield return new ValidationResult($"must have at most {LongestPath} bytes", [nameof(Socket)]);
        if (!HasSocket && Http is null && Otlp is null) yield return new ValidationResult("is all that there is, and `off`; write control = off", [nameof(Socket)]);
    }
}

/// <summary>The control endpoint over HTTP: <c>control.http</c>.</summary>
public sealed record HttpControlOptions : IValidatableObject
{
    /// <summary>The fewest characters of a token.</summary>
    public const int ShortestToken = 16;

    private static readonly string[] CanBePublic = ["metrics", "health"];

    /// <summary>An IP address and a port, such as <c>127.0.0.1:9600</c>; port 0 picks one.</summary>
    [Description("An IP address and a port, such as 127.0.0.1:9600 or [::1]:9600; port 0 picks one, which the log names.")]
    public required string Bind { get; init; }

    /// <summary>A file with the token that callers send; empty for none, with which nothing can be changed.</summary>
    [Description("A file, readable by the node's user only, with the token of at least 16 characters that callers send as `Authorization: Bearer …`. Without it nothing can be changed over HTTP, and only loopback may be bound.")]
    public string TokenFile { get; init; } = "";

    /// <summary>Has it speak TLS; null for plain HTTP.</summary>
    [Description("Has it speak TLS.")]
    public TlsOptions? Tls { get; init; }

    /// <summary>Networks from which connections are taken; none for all.</summary>
    [Description("Networks from which connections are taken, such as [\"10.0.0.0/8\", \"::1/128\"]; empty for all.")]
    public IReadOnlyList<string> AllowFrom { get; init; } = [];

    /// <summary>What may be read without a token.</summary>
    [Description("What may be read without a token: `metrics`, `health`.")]
    public IReadOnlyList<string> Public { get; init; } = [];

    /// <summary>Names besides <c>localhost</c>, the machine's and any address under which callers may reach it.</summary>
    [Description("Names under which callers reach it, besides `localhost`, the machine's own and any IP address: a request for another host is refused.")]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    internal bool TryEndpoint(out IPEndPoint endpoint) => IPEndPoint.TryParse(Bind, out endpoint!) && (Bind.Contains(']') ? Bind[^1] != ']' : Bind.Count(character => character == ':') == 1);

    /// <summary>Whether only this machine can reach it.</summary>
    internal bool IsLoopback => TryEndpoint(out var endpoint) && IPAddress.IsLoopback(endpoint.Address);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!TryEndpoint(out _)) yield return new ValidationResult("must be an IP address and a port, such as 127.0.0.1:9600 or [::]:9600", [nameof(Bind)]);
        else if (!IsLoopback && TokenFile.Length == 0 && Tls is not { ClientAuthority.Length: > 0 })
            yield return new ValidationResult("can be reached from other machines, so it needs a `token-file`, or `tls` with a `client-authority`; or bind 127.0.0.1", [nameof(Bind)]);
        foreach (var network in AllowFrom.Where(network => !IPNetwork.TryParse(network, out _)))
            yield return new ValidationResult($"has `{network}`, which is no network; write one such as 10.0.0.0/8", [nameof(AllowFrom)]);
        foreach (var name in Public.Where(name => !CanBePublic.Contains(name)))
            yield return new ValidationResult($"has `{name}`; only {string.Join(" and ", CanBePublic)} can be read without a token", [nameof(Public)]);
    }
}

/// <summary>The certificate of the control endpoint: <c>control.http.tls</c>. The files are PEM.</summary>
public sealed record TlsOptions
{
    /// <summary>The file with the certificate, and those between it and its authority.</summary>
    [Description("The PEM file with the certificate, followed by those between it and its authority.")]
    public required string Certificate { get; init; }

    /// <summary>The file with its private key.</summary>
    [Description("The PEM file with its private key, readable by the node's user only.")]
    public required string Key { get; init; }

    /// <summary>A file with the authorities of which callers must have a certificate; empty for none.</summary>
    [Description("A PEM file with authorities: callers must have a certificate of one of them.")]
    public string ClientAuthority { get; init; } = "";
}

/// <summary>Metrics that are pushed: <c>control.otlp</c>.</summary>
public sealed record OtlpOptions : IValidatableObject
{
    /// <summary>Where to: <c>http://collector:4317</c> for gRPC, <c>http://collector:4318/v1/metrics</c> with <c>protocol = http</c>.</summary>
    [Description("Where to: http://collector:4317 for gRPC; with protocol = http the whole address, http://collector:4318/v1/metrics.")]
    public required Uri Endpoint { get; init; }

    /// <summary>How often.</summary>
    [Description("How often.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How.</summary>
    [Description("`grpc`, or `http` with protobuf.")]
    public OtlpProtocol Protocol { get; init; }

    /// <summary>A file with a header a line, <c>name=value</c>; empty for none.</summary>
    [Description("A file with a header a line, `name=value`, such as an API key; readable by the node's user only.")]
    public string HeadersFile { get; init; } = "";

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https")) yield return new ValidationResult("must be an address such as http://collector:4317", [nameof(Endpoint)]);
        if (Interval < TimeSpan.FromSeconds(1)) yield return new ValidationResult("must be at least 1s", [nameof(Interval)]);
        foreach (var problem in Durations.Check(Interval, TimeSpan.Zero, nameof(Interval))) yield return problem;
    }
}

/// <summary>How metrics are pushed.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC.</summary>
    Grpc,

    /// <summary>HTTP with protobuf.</summary>
    Http,
}

/// <summary>From when on a node counts as degraded: <c>control.health</c>.</summary>
public sealed record HealthOptions : IValidatableObject
{
    /// <summary>How long a mailbox may be full.</summary>
    [Description("How long a mailbox may be full.")]
    public TimeSpan FullFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a component may be at one thing, or held up by another one.</summary>
    [Description("How long a component may be at one thing.")]
    public TimeSpan BusyFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages a second, over a minute, that a component may drop.</summary>
    [Description("Messages a second, over the last minute, that a component may drop.")]
    public double DropsPerSecond { get; init; }

    /// <summary>Messages a second, over a minute, that may fail in a component.</summary>
    [Description("Messages a second, over the last minute, that may fail in a component.")]
    public double ErrorsPerSecond { get; init; } = 1;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(FullFor, TimeSpan.Zero, nameof(FullFor))) yield return problem;
        foreach (var problem in Durations.Check(BusyFor, TimeSpan.Zero, nameof(BusyFor))) yield return problem;
        if (DropsPerSecond is not >= 0) yield return new ValidationResult("must not be negative", [nameof(DropsPerSecond)]);
        if (ErrorsPerSecond is not >= 0) yield return new ValidationResult("must not be negative", [nameof(ErrorsPerSecond)]);
    }
}
