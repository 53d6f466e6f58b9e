using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp.Limits;

/// <summary>An address as it is counted: an IPv4 one by itself, an IPv6 one with its /64 network, since one machine has as many as it likes there.</summary>
internal readonly record struct AddressKey(ulong Bits, bool IsIPv4)
{
    /// <summary>Stands for Unix domain sockets, which have no addresses: no IPv4 one has so many bits.</summary>
    public static readonly AddressKey Local = new(ulong.MaxValue, IsIPv4: true);

    /// <summary>From where a peer has connected; null where this side has connected to it, since that is not for the peer to choose.</summary>
    public static AddressKey? Of(IPeer peer) => !peer.IsAccepted ? null : peer.Address is { } address ? Of(address) : Local;

    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new AddressKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv4: true)
            : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsIPv4: false);
    }
}
