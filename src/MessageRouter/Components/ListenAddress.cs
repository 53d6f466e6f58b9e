using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Components;

/// <summary>An address to listen on.</summary>
/// <param name="Scheme">The transport: <c>tcp</c>, <c>udp</c>, or any other, whose addresses are names.</param>
/// <param name="Host">An address, <c>*</c> for all IPv4 ones, or a name.</param>
/// <param name="Port">The port; 0 for any that is free, and where there are no ports.</param>
public sealed record ListenAddress(string Scheme, string Host, int Port)
{
    private bool HasPorts => Scheme is "tcp" or "udp";

    private string Local => Host switch
    {
        "*" => "0.0.0.0",
        "localhost" => "127.0.0.1",
        _ => Host,
    };

    /// <summary>Whether the two cannot be bound at the same time: the same port on the same address, or on all of them.</summary>
    public bool ClashesWith(ListenAddress other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Scheme != other.Scheme) return false;
        if (!HasPorts) return Host == other.Host;
        if (Port != other.Port || Port == 0) return false;
        return IsAny(this, other) || IsAny(other, this) || Local == other.Local;

        // [::] takes the IPv4 addresses too.
        static bool IsAny(ListenAddress one, ListenAddress two) => one.Local switch
        {
            "::" => true,
            "0.0.0.0" => !IPAddress.TryParse(two.Host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6,
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => !HasPorts ? $"{Scheme}://{Host}" : Host.Contains(':') ? $"{Scheme}://[{Host}]:{Port}" : $"{Scheme}://{Host}:{Port}";
}
