using System.Buffers.Binary;
using System.Text;

namespace MessageRouter.Zmtp.Security;

/// <summary>What one end of a connection says of itself in the handshake: names, which are the same in capitals, and values of any bytes. None of it is proven.</summary>
internal sealed class PeerMetadata
{
    public const string SocketType = "Socket-Type";

    public const string Identity = "Identity";

    /// <summary>Properties that are kept of a peer: each of them, however short, takes its part of memory for as long as the peer is there.</summary>
    internal const int MostProperties = 64;

    private readonly List<KeyValuePair<string, byte[]>> _properties = [];

    public static PeerMetadata Empty { get; } = new();

    /// <summary>What is said, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Properties => _properties;

    /// <summary>The last value of a name; null where there is none.</summary>
    public byte[]? this[string name]
    {
        get
        {
            for (var i = _properties.Count - 1; i >= 0; i--)
            {
                if (_properties[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase)) return _properties[i].Value;
            }
            return null;
        }
    }

    /// <summary>What a socket says, with properties of the application's own behind it.</summary>
    public static PeerMetadata Of(PeerSocketType socket, IEnumerable<KeyValuePair<string, byte[]>> more)
    {
        var metadata = new PeerMetadata();
        metadata._properties.Add(new(SocketType, Encoding.ASCII.GetBytes(Command.NameOf(socket))));

        // An identity is named, as an empty one, by the sockets that have some.
        if (socket is PeerSocketType.Dealer or PeerSocketType.Router) metadata._properties.Add(new(Identity, []));
        metadata._properties.AddRange(more);
        return metadata;
    }

    /// <exception cref="ZmtpException">They are malformed.</exception>
    public static PeerMetadata Parse(ReadOnlySpan<byte> properties)
    {
        var metadata = new PeerMetadata();
        while (!properties.IsEmpty)
        {
            if (metadata._properties.Count == MostProperties) throw new ZmtpException($"Its READY has more than {MostProperties} properties.");
            var nameLength = properties[0];
            if (nameLength == 0 || properties.Length < 1 + nameLength + 4) throw new ZmtpException("Its READY is malformed.");
            var name = properties.Slice(1, nameLength);
            properties = properties[(1 + nameLength)..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(properties);
            if (length > properties.Length - 4) throw new ZmtpException("Its READY is malformed.");
            metadata._properties.Add(new(Encoding.ASCII.GetString(name), properties.Slice(4, (int)length).ToArray()));
            properties = properties[(4 + (int)length)..];
        }
        return metadata;
    }

    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        var length = new byte[4];
        foreach (var (name, value) in _properties)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
            bytes.AddRange([(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. length, .. value]);
        }
        return [.. bytes];
    }

    /// <summary>For those who decide on a peer. What is no ASCII is not shown as it is.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary()
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in _properties) texts[name] = Encoding.ASCII.GetString(value);
        return texts;
    }
}
