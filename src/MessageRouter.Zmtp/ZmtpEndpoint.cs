using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MessageRouter.Zmtp;

/// <summary>Whether an endpoint is listened on or connected to: a wildcard has a meaning only where one listens.</summary>
internal enum EndpointUse
{
    Bind,
    Connect,
}

/// <summary>
/// A ZeroMQ endpoint, checked strictly: what a typing error makes of one is a problem with a text, not another endpoint.
/// Two endpoints are equal where they are the same address, however they were written.
/// </summary>
internal sealed record ZmtpEndpoint
{
    private const string Tcp = "tcp";
    private const string Ipc = "ipc";
    private const string InProcess = "inproc";

    /// <summary>Of a Unix domain socket's path, in bytes: what Linux has room for, with a zero behind it.</summary>
    private const int LongestPath = 107;

    private ZmtpEndpoint(string written, string scheme, string host, int port)
    {
        Written = written;
        Scheme = scheme;
        Host = host;
        Port = port;
    }

    /// <summary>The text that the user wrote, by which the place is found where it stands.</summary>
    public string Written { get; }

    /// <summary><c>tcp</c>, <c>ipc</c> or <c>inproc</c>.</summary>
    public string Scheme { get; }

    /// <summary>An address, a host name in lower case, or <c>*</c>; of an ipc endpoint its path, or @ and a name without a file; of an inproc endpoint its name.</summary>
    public string Host { get; }

    /// <summary>The port; 0 where the system shall choose one, and of ipc and inproc endpoints.</summary>
    public int Port { get; }

    public bool IsTcp => Scheme == Tcp;

    /// <summary>Whether it is a Unix domain socket.</summary>
    public bool IsIpc => Scheme == Ipc;

    /// <summary>Where a Unix domain socket is.</summary>
    public UnixDomainSocketEndPoint UnixEndPoint => new(Host[0] == '@' ? $"\0{Host[1..]}" : Host);

    /// <summary>The host as an address; null where it is a name or a wildcard.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="endpoint">The endpoint, where it is one.</param>
    /// <param name="problem">What is wrong with it, to be read after the text itself, and what would be right.</param>
    /// <param name="inProcess">Whether it may be within the process, which the sockets here cannot, but other engines can.</param>
    public static bool TryParse(
        string? text, EndpointUse use, [NotNullWhen(true)] out ZmtpEndpoint? endpoint, [NotNullWhen(false)] out string? problem, bool inProcess = false)
    {
        endpoint = null;
        problem = Read(text ?? "", use, inProcess, ref endpoint);
        return problem is null;
    }

    /// <inheritdoc/>
    public bool Equals(ZmtpEndpoint? other) => other is not null && (Scheme, Host, Port) == (other.Scheme, other.Host, other.Port);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, Host, Port);

    /// <summary>The normalised form.</summary>
    public override string ToString() => IsTcp ? Format(Host, Port) : $"{Scheme}://{Host}";

    /// <summary>A TCP endpoint as text; IPv6 addresses stand in brackets.</summary>
    public static string Format(string host, int port) =>
        host.Contains(':') ? $"{Tcp}://[{host}]:{port}" : $"{Tcp}://{host}:{port}";

    private static string? Read(string text, EndpointUse use, bool inProcess, ref ZmtpEndpoint? endpoint)
    {
        if (text.Length == 0) return "is empty; it needs a scheme, a host and a port, as in tcp://127.0.0.1:5558";
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return "has white space in it; several endpoints are a list: [\"…\", \"…\"]";
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0) return $"has no scheme; write it as tcp://{(text.Contains(':') ? text : text + ":5558")}";
        var rest = text[(colon + 3)..];
        switch (text[..colon])
        {
            case Tcp:
                return ReadTcp(text, rest, use, ref endpoint);
            case InProcess when inProcess && rest.Length == 0:
                return "needs a name, as in inproc://events";
            case InProcess when inProcess:
                endpoint = new ZmtpEndpoint(text, InProcess, rest, 0);
                return null;
            case Ipc:
                return ReadIpc(text, rest, ref endpoint);
            case "":
                return "has no scheme before ://; write it as tcp://HOST:PORT";
            case var scheme when scheme.Equals(Tcp, StringComparison.OrdinalIgnoreCase) || scheme.Equals(Ipc, StringComparison.OrdinalIgnoreCase) || (inProcess && scheme.Equals(InProcess, StringComparison.OrdinalIgnoreCase)):
                return $"has its scheme in capitals; write {scheme.ToLowerInvariant()}://";
            case var scheme:
                return $"has the scheme `{scheme}`, which is not supported; use {(inProcess ? "tcp://, on one machine ipc:// or, within one process, inproc://" : "tcp:// or, on one machine, ipc://")}";
        }
    }

    private static string? ReadIpc(string text, string path, ref ZmtpEndpoint? endpoint)
    {
        if (path.Length == 0) return "needs a path, as in ipc:///run/logs.sock";
        if (path[0] == '@' && (path.Length == 1 || !OperatingSystem.IsLinux())) return "has no name behind the @, or names a socket without a file, which only Linux has; give a path, as in ipc:///run/logs.sock";
        if (path[0] is not ('/' or '@')) return $"has a path that depends on where the program runs; write it in full, as in ipc:///run/{path}";
        if (path[^1] == '/') return "names a folder; a socket is a file in one, as in ipc:///run/logs.sock";
        if (Encoding.UTF8.GetByteCount(path) > LongestPath) return $"has a path of more than {LongestPath} bytes, which the system has no room for";
        endpoint = new ZmtpEndpoint(text, Ipc, path, 0);
        return null;
    }

    private static string? ReadTcp(string text, string rest, EndpointUse use, ref ZmtpEndpoint? endpoint)
    {
        if (rest.Length == 0) return "needs a host and a port, as in tcp://127.0.0.1:5558";
        string host, afterHost;
        if (rest[0] == '[')
        {
            var close = rest.IndexOf(']');
            if (close < 0) return "has a [ without its ]; an IPv6 address stands in brackets, as in tcp://[::1]:5558";
            host = rest[1..close];
            afterHost = rest[(close + 1)..];
            if (!IPAddress.TryParse(host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
                return $"has `{host}` in brackets, which is not an IPv6 address";
            host = address.ToString();
        }
        else
        {
            var colon = rest.IndexOf(':');
            if (colon != rest.LastIndexOf(':')) return "has more than one colon after the scheme; an IPv6 address stands in brackets, as in tcp://[::1]:5558";
            host = colon < 0 ? rest : rest[..colon];
            afterHost = colon < 0 ? "" : rest[colon..];
            if (host.Length == 0) return $"needs a host before the port, as in tcp://{(use == EndpointUse.Bind ? "*" : "127.0.0.1")}{rest}";
            if (CheckHost(ref host, use) is { } problem) return problem;
        }

        if (afterHost.Length < 2 || afterHost[0] != ':') return $"needs a port, as in {Format(host, 5558)}";
        var portText = afterHost[1..];
        if (portText == "*") portText = "0";
        if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            return $"has the port `{afterHost[1..]}`; a port is a number from 1 to 65535{(use == EndpointUse.Bind ? ", or 0 for any free one" : "")}";
        if (port == 0 && use == EndpointUse.Connect) return $"has no port to connect to; give the peer's port, as in {Format(host, 5558)}";
        if (use == EndpointUse.Connect && host is ("0.0.0.0" or "::"))
            return "names all addresses, which one can listen on but not connect to; give the peer's address or name";
        endpoint = new ZmtpEndpoint(text, Tcp, host, port);
        return null;
    }

    private static string? CheckHost(ref string host, EndpointUse use)
    {
        if (host == "*")
            return use == EndpointUse.Bind ? null : "names all addresses, which one can listen on but not connect to; give the peer's address or name";
        if (host.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            if (host.Split('.') is { Length: 4 } parts && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && part == $"{n}"))
                return null;
            return $"has the host `{host}`, which is not an IPv4 address; one has four numbers from 0 to 255, without leading zeros";
        }
        if (!host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || host.Length > 253)
            return $"has the host `{host}`, which is neither an address nor a host name";
        host = host.ToLowerInvariant();
        return null;
    }
}
