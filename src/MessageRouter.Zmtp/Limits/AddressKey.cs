using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Zmtp.Limits;

/// <summary>An address as it is counted: an IPv4 one by itself, an IPv6 one with its /64 network, since one machine has as many as it likes there.</summary>
internal readonly record struct AddressKey(ulong Bits, bool IsIPv4)
{
    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new AddressKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv4: true)
            : new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsIPv4: false);
    }
}
