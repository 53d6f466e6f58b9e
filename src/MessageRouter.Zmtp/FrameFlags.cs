using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessageRouter.Zmtp;

/// <summary>The first byte of a frame; the other bits are zero.</summary>
internal static class FrameFlags
{
    /// <summary>Another frame of the same message follows.</summary>
    public const byte More = 1;

    /// <summary>The size takes eight bytes, not one.</summary>
    public const byte Long = 2;

    /// <summary>The frame is a command and no part of a message.</summary>
    public const byte Command = 4;

    /// <summary>Bytes before a frame's body at most.</summary>
    public const int LongestHeader = 9;

    /// <summary>Bytes before a frame's body at least.</summary>
    public const int ShortestHeader = 2;

    /// <summary>Bytes before the body of a frame of this size.</summary>
    public static int HeaderOf(int size) => size <= byte.MaxValue ? ShortestHeader : LongestHeader;

    /// <summary>
    /// Whether <paramref name="bytes"/> begin with the only frame of a message, as most come and as this side writes it.
    /// </summary>
    /// <param name="bytes">What has come, or any other bytes.</param>
    /// <param name="size">The size of its body, which need not be there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWholeMessage(ReadOnlySpan<byte> bytes, out ulong size)
    {
        size = 0;
        if (bytes.Length < ShortestHeader) return false;
        if (bytes[0] == 0)
        {
            size = bytes[1];
            return true;
        }
        if (bytes[0] != Long || bytes.Length < LongestHeader) return false;
        size = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]);
        return size > byte.MaxValue;
    }

    /// <summary>Writes what stands before the body of a frame.</summary>
    /// <param name="frame">Where the frame begins.</param>
    /// <param name="flags">Without <see cref="Long"/>, which follows from the size.</param>
    /// <param name="size">The size of the body.</param>
    /// <returns>How many bytes were written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteHeader(Span<byte> frame, byte flags, int size)
    {
        if (size <= byte.MaxValue)
        {
            frame[1] = (byte)size;
            frame[0] = flags;
            return ShortestHeader;
        }
        BinaryPrimitives.WriteUInt64BigEndian(frame[1..], (ulong)size);
        frame[0] = (byte)(flags | Long);
        return LongestHeader;
    }

    /// <summary>The byte before the payload within a frame that is sealed.</summary>
    internal static class Sealed
    {
        /// <summary>The frame is a command.</summary>
        public const byte Command = 2;
    }
}
