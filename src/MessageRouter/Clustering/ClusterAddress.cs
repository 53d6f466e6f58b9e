using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace MessageRouter.Clustering;

/// <summary>Where a node of a cluster is found: a name or an IP address, and a port.</summary>
internal sealed record ClusterAddress(string Host, int Port)
{
    /// <summary>Reads <c>a.example:4053</c>, <c>10.0.0.1</c> or <c>[::1]:4053</c>.</summary>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out ClusterAddress? address)
    {
        address = null;
        if (IPEndPoint.TryParse(text, out var endpoint))
        {
            if (endpoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !text.StartsWith('[')) endpoint.Port = 0;
            address = new ClusterAddress(endpoint.Address.ToString(), endpoint.Port == 0 ? defaultPort : endpoint.Port);
            return true;
        }
        var colon = text.LastIndexOf(':');
        var (host, port) = (colon < 0 ? text : text[..colon], defaultPort);
        if (colon >= 0 && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)) return false;
        if (Uri.CheckHostName(host) != UriHostNameType.Dns) return false;
        address = new ClusterAddress(host.ToLowerInvariant(), port);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
