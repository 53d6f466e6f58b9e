namespace MessageRouter.Zmtp;

/// <summary>The 64 bytes that each end of a connection begins with: that it speaks ZMTP 3 and needs no authentication.</summary>
internal static class Greeting
{
    public const int Length = 64;

    private const int VersionAt = 10;
    private const int MechanismAt = 12;
    private const int MechanismLength = 20;

    /// <summary>Version 3.1, whose heartbeats are used, with the mechanism NULL.</summary>
    public static readonly byte[] Own = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1, .. "NULL"u8, .. new byte[48]];

    /// <summary>Whether a peer with this greeting answers PING, which came with version 3.1. Some that announce 3.0 do as well.</summary>
    public static bool AnswersPings(ReadOnlySpan<byte> greeting) => greeting[VersionAt] > 3 || greeting[VersionAt + 1] >= 1;

    /// <summary>Checks what has come of a peer's greeting, as soon as it is known that it is none.</summary>
    /// <returns>Whether it is there as a whole.</returns>
    /// <exception cref="ZmtpException">It is none that is understood here.</exception>
    public static bool IsComplete(ReadOnlySpan<byte> bytes)
    {
        // Until version 2 a connection began with its first frame, or with the same signature and a lower number.
        if (bytes.Length > 0 && bytes[0] != 0xFF) throw new ZmtpException("It does not speak ZMTP 3.");
        if (bytes.Length >= VersionAt && (bytes[VersionAt - 1] & 1) == 0) throw new ZmtpException("It does not speak ZMTP 3.");
        if (bytes.Length > VersionAt && bytes[VersionAt] < 3) throw new ZmtpException("It speaks a version of ZMTP older than 3.0.");
        if (bytes.Length < Length) return false;
        var mechanism = bytes.Slice(MechanismAt, MechanismLength).TrimEnd((byte)0);
        if (!mechanism.SequenceEqual("NULL"u8)) throw new ZmtpException("It wants a security mechanism, and only NULL is spoken here.");
        return true;
    }
}
