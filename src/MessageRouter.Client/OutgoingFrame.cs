using System.Buffers.Binary;

namespace MessageRouter.Client;

/// <summary>A message as the wire will write it: a header with the payload's length, then the payload.</summary>
internal static class OutgoingFrame
{
    private const int ShortHeader = 2, LongHeader = 9, LongestShort = 255;
    private const byte Long = 2;

    public static int SizeOf(int payload) => payload + (payload <= LongestShort ? ShortHeader : LongHeader);

    /// <returns>The bytes that it takes.</returns>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> payload)
    {
        var size = SizeOf(payload.Length);
        if (payload.Length <= LongestShort)
        {
            target[0] = 0;
            target[1] = (byte)payload.Length;
        }
        else
        {
            target[0] = Long;
            BinaryPrimitives.WriteUInt64BigEndian(target[1..], (ulong)payload.Length);
        }
        payload.CopyTo(target[(size - payload.Length)..]);
        return size;
    }

    /// <summary>The length of the payload of the frame that stands first.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> frames) => frames[0] == Long ? (int)BinaryPrimitives.ReadUInt64BigEndian(frames[1..]) : frames[1];
}
