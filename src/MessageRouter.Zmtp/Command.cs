using System.Text;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>The commands of ZMTP: frames that speak of the connection and are no messages.</summary>
internal static class Command
{
    /// <summary>Bytes of a command's body at most, whoever sends it.</summary>
    public const int MaxSize = 4096;

    /// <summary>Bytes that a PING may want to have back.</summary>
    private const int LongestContext = 16;

    /// <summary>A PING without a time to live: how long to wait is this side's own matter.</summary>
    public static readonly byte[] Ping = Frame([4, .. "PING"u8, 0, 0]);

    /// <summary>READY as a frame.</summary>
    public static byte[] Ready(PeerMetadata metadata) => Frame([5, .. "READY"u8, .. metadata.ToBytes()]);

    /// <summary>
    /// Reads a subscription of ZMTP 3.1, which comes as a command, as the message that it was before.
    /// </summary>
    /// <returns>1, or 0 to cancel, and the prefix; null where the command is another.</returns>
    public static byte[]? Subscription(ReadOnlySpan<byte> body) =>
        Is(body, "SUBSCRIBE"u8, out var prefix) ? [1, .. prefix] : Is(body, "CANCEL"u8, out prefix) ? [0, .. prefix] : null;

    /// <summary>Reads a peer's READY.</summary>
    /// <exception cref="ZmtpException">It is none.</exception>
    public static PeerMetadata Ready(ReadOnlySpan<byte> body)
    {
        if (Is(body, "ERROR"u8, out var reason)) throw new ZmtpException(ErrorText(reason));
        return Is(body, "READY"u8, out var properties) ? PeerMetadata.Parse(properties) : throw new ZmtpException("It does not introduce itself with READY.");
    }

    /// <summary>Checks what a peer is.</summary>
    /// <exception cref="ZmtpException">It is a socket that does not go with this one.</exception>
    public static void CheckSocketType(PeerMetadata metadata, PeerSocketType socket)
    {
        var type = metadata[PeerMetadata.SocketType] is { } said ? Encoding.ASCII.GetString(said) : null;
        var wanted = PeersOf(socket);
        if (!wanted.Contains(type)) throw new ZmtpException($"It is not a {wanted[0]} socket, to which alone a {NameOf(socket)} socket speaks here, but {(type is null ? "does not say what it is" : $"\"{SafeText.Of(type)}\"")}.", Refusals.SocketType);
    }

    /// <summary>Handles what a peer that has introduced itself commands.</summary>
    /// <param name="body">The command.</param>
    /// <param name="known">Whether it is one of ZMTP's.</param>
    /// <returns>A frame to answer with; null for none. What is not known is ignored, as the protocol wants it.</returns>
    /// <exception cref="ZmtpException">The command is malformed, or says that the peer has found an error.</exception>
    public static byte[]? Answer(ReadOnlySpan<byte> body, out bool known)
    {
        known = true;
        if (body.IsEmpty || body[0] == 0 || body.Length < 1 + body[0]) throw new ZmtpException("It sent a malformed command.");
        if (Is(body, "ERROR"u8, out var reason)) throw new ZmtpException(ErrorText(reason));
        if (!Is(body, "PING"u8, out var ping))
        {
            known = false;
            return null;
        }
        if (ping.Length < 2 || ping.Length > 2 + LongestContext) throw new ZmtpException("It sent a malformed PING.");
        return Frame([4, .. "PONG"u8, .. ping[2..]]);
    }

    public static bool IsPong(ReadOnlySpan<byte> body) => body.Length >= 5 && body[0] == 4 && body.Slice(1, 4).SequenceEqual("PONG"u8);

    /// <summary>What it is called in the handshake.</summary>
    public static string NameOf(PeerSocketType socket) => socket switch
    {
        PeerSocketType.Push => "PUSH",
        PeerSocketType.Dealer => "DEALER",
        PeerSocketType.Router => "ROUTER",
        PeerSocketType.Pull => "PULL",
        PeerSocketType.Pub => "PUB",
        _ => "SUB",
    };

    private static string[] PeersOf(PeerSocketType socket) => socket switch
    {
        PeerSocketType.Push => ["PULL"],
        PeerSocketType.Dealer => ["ROUTER"],
        PeerSocketType.Router => ["DEALER"],
        PeerSocketType.Pull => ["PUSH"],
        PeerSocketType.Pub => ["SUB", "XSUB"],
        _ => ["PUB", "XPUB"],
    };

    /// <summary>Whether a command has a name.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="name">The name.</param>
    /// <param name="rest">What comes after it.</param>
    public static bool Is(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest)
    {
        var same = body.Length > name.Length && body[0] == name.Length && body.Slice(1, name.Length).SequenceEqual(name);
        rest = same ? body[(1 + name.Length)..] : default;
        return same;
    }

    /// <summary>What an ERROR says, as a sentence.</summary>
    public static string ErrorText(ReadOnlySpan<byte> reason) =>
        $"It reports an error: \"{(reason.Length > 0 && reason.Length > reason[0] ? SafeText.Of(Encoding.ASCII.GetString(reason.Slice(1, reason[0]))) : "")}\".";

    /// <summary>A command as a frame.</summary>
    /// <param name="body">Its body, of up to <see cref="MaxSize"/> bytes.</param>
    public static byte[] Frame(ReadOnlySpan<byte> body) => body.Length <= byte.MaxValue
        ? [FrameFlags.Command, (byte)body.Length, .. body]
        : [FrameFlags.Command | FrameFlags.Long, 0, 0, 0, 0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
}
