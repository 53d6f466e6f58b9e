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
}
