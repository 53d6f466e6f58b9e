using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp.Limits;

/// <summary>Reads networks, such as <c>10.0.0.0/8</c>, strictly: one that is written otherwise than it is meant lets in the wrong ones.</summary>
internal static class NetworkText
{
    private const int MappedPrefix = 96;

    /// <summary>Reads a network, or an address for that one alone.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="network">The network, where it is one.</param>
    /// <param name="problem">What is wrong with it, to be read after the text itself, and what would be right.</param>
    public static bool TryParse(string text, out IPNetwork network, [NotNullWhen(false)] out string? problem)
    {
        network = default;
        problem = Read(text, ref network);
        return problem is null;
    }

    /// <returns>Why nobody can be in a network as it is written; null where somebody can.</returns>
    public static string? Problem(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6
        ? $"is IPv4 within IPv6, which counts as IPv4 here; write {network.BaseAddress.MapToIPv4()}/{Math.Max(0, network.PrefixLength - MappedPrefix)}"
        : null;

    private static string? Read(string text, ref IPNetwork network)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];

        // .NET takes 10.1 for 10.0.0.1, and a zone for no part of the address.
        if (!IPAddress.TryParse(host, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && host != address.ToString()) || host.Contains('%') || host.Contains('['))
            return "is no network; write one such as 10.0.0.0/8, or one address such as 10.0.0.7";
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out length) || length > bits))
            return $"has `{text[(slash + 1)..]}` behind the slash, which must be a number of bits from 0 to {bits}, as in {address}/{bits}";
        var first = Masked(address, length);
        network = new IPNetwork(first, length);
        if (!first.Equals(address)) return $"has bits behind the first {length}, so it is not clear what is meant; write {network} for the network, or {address} for the one address";
        return Problem(network);
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - 8 * i, 0, 8));
        return new IPAddress(bytes);
    }
}
