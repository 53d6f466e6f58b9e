using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>What a path leads to, found out without opening it: the opening of a pipe is noticed at its other end.</summary>
internal static class FileKind
{
    private const int CurrentDirectory = -100;
    private const uint TypeOnly = 1;

    // The struct's mode, and in it the kind.
    private const int ModeAt = 28;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    private const int Socket = 0xC000;

    /// <summary>Whether it is a pipe, a device or a socket; false where it is not there, or the system does not tell.</summary>
    public static bool IsSpecial(string path) => Of(path) is not (null or Regular or Folder);

    /// <summary>Whether it is a socket; false where it is not there, or the system does not tell.</summary>
    public static bool IsSocket(string path) => Of(path) == Socket;

    private static int? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> status = stackalloc byte[256];
        try
        {
            if (StatX(CurrentDirectory, path, 0, TypeOnly, ref MemoryMarshal.GetReference(status)) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        var mode = BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]) : BinaryPrimitives.ReadUInt16BigEndian(status[ModeAt..]);
        return mode & KindMask;
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);
}
