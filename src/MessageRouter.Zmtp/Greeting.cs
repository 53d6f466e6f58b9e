using System.Text;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>The 64 bytes that each end of a connection begins with: that it speaks ZMTP 3, and how the two prove who they are.</summary>
internal static class Greeting
{
    public const int Length = 64;

    private const int VersionAt = 10;
    private const int MechanismAt = 12;
    private const int MechanismLength = 20;

    private const int AsServerAt = MechanismAt + MechanismLength;

    /// <summary>Version 3.1, whose heartbeats are used.</summary>
    public static byte[] Of(ConnectionSecurity security)
    {
        byte[] greeting = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. new byte[Length - MechanismAt]];
        Encoding.ASCII.GetBytes(security.Mechanism, greeting.AsSpan(MechanismAt));
        if (security.IsServer) greeting[AsServerAt] = 1;
        return greeting;
    }

    /// <summary>Whether a peer with this greeting answers PING, which came with version 3.1. Some that announce 3.0 do as well.</summary>
    public static bool AnswersPings(ReadOnlySpan<byte> greeting) => greeting[VersionAt] > 3 || greeting[VersionAt + 1] >= 1;

    /// <summary>Checks what has come of a peer's greeting, as soon as it is known that it is none.</summary>
    /// <remarks>Which of the two is the mechanism's server libzmq does not say, so nothing follows from it.</remarks>
    /// <param name="bytes">What has come.</param>
    /// <param name="mechanism">The only one that will do.</param>
    /// <returns>Whether it is there as a whole.</returns>
    /// <exception cref="ZmtpException">It is none that is understood here.</exception>
    public static bool IsComplete(ReadOnlySpan<byte> bytes, string mechanism)
    {
        // Until version 2 a connection began with its first frame, or with the same signature and a lower number.
        if (bytes.Length > 0 && bytes[0] != 0xFF) throw new ZmtpException("It does not speak ZMTP 3.", Refusals.Version);
        if (bytes.Length >= VersionAt && (bytes[VersionAt - 1] & 1) == 0) throw new ZmtpException("It does not speak ZMTP 3.", Refusals.Version);
        if (bytes.Length > VersionAt && bytes[VersionAt] < 3) throw new ZmtpException("It speaks a version of ZMTP older than 3.0.", Refusals.Version);
        if (bytes.Length < Length) return false;
        var wanted = Encoding.ASCII.GetString(bytes.Slice(MechanismAt, MechanismLength).TrimEnd((byte)0));
        if (wanted != mechanism) throw new ZmtpException($"It speaks {(wanted == "NULL" ? "without any security" : $"the security mechanism \"{SafeText.Of(wanted)}\"")}, and only {mechanism} is spoken here.", Refusals.Mechanism);
        return true;
    }
}
