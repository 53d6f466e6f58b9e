using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Components;

/// <summary>What only one component can have.</summary>
/// <param name="Scheme">The transport, <c>tcp</c> or <c>udp</c>; <c>file</c>; or any other, whose addresses are names.</param>
/// <param name="Host">An address, <c>*</c> for all IPv4 ones, a name, or a file's full path.</param>
/// <param name="Port">The port; 0 for any that is free, and where there are no ports.</param>
public sealed record OwnedAddress(string Scheme, string Host, int Port)
{
    /// <summary>The option's value, or the element of a list, as the options have it, by which its place is found; null where there is none.</summary>
    public string? Written { get; init; }

    /// <summary>Two addresses in different slots do not clash.</summary>
    internal (string Scheme, string Key) Slot => (Scheme, HasPorts ? Port.ToString(System.Globalization.CultureInfo.InvariantCulture) : Host);

    private bool HasPorts => Scheme is "tcp" or "udp";

    private string Local => Host switch
    {
        "*" => "0.0.0.0",
        "localhost" => "127.0.0.1",
        _ => Host,
    };

    /// <summary>Whether the two cannot be bound at the same time: the same port on the same address, or on all of them.</summary>
    public bool ClashesWith(OwnedAddress other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Scheme != other.Scheme) return false;
        if (!HasPorts) return Host == other.Host;
        if (Port != other.Port || Port == 0) return false;
        return IsAny(this, other) || IsAny(other, this) || Local == other.Local;

        // [::] takes the IPv4 addresses too.
        static bool IsAny(OwnedAddress one, OwnedAddress two) => one.Local switch
        {
            "::" => true,
            "0.0.0.0" => !IPAddress.TryParse(two.Host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6,
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => !HasPorts ? $"{Scheme}://{Host}" : Host.Contains(':') ? $"{Scheme}://[{Host}]:{Port}" : $"{Scheme}://{Host}:{Port}";
}
