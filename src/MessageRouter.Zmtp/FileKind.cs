using System.Runtime.InteropServices;

namespace MessageRouter.Zmtp;

/// <summary>What a path leads to, found out without opening it: the opening of a pipe is noticed at its other end.</summary>
internal static class FileKind
{
    /// <summary>What is said of what is special.</summary>
    public const string NoFile = "is no file, but a pipe, a socket or a device";

    private const int CurrentDirectory = -100;
    private const uint TypeOnly = 1;
    private const uint Everything = 0x7FF;

    /// <summary>A network drive is asked, whatever it has said a moment ago.</summary>
    private const int ForceSync = 0x2000;

    // The struct's mode, and in it the kind.
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int SizeAt = 40;
    private const int ChangedAt = 96;
    private const int WrittenAt = 112;
    private const int DeviceAt = 136;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    private const int Socket = 0xC000;

    /// <summary>Whether it is a pipe, a device or a socket; false where it is not there, or the system does not tell.</summary>
    public static bool IsSpecial(string path) => Of(path) is not (null or Regular or Folder);

    /// <summary>For files that are read whole: the opening of a pipe would wait for somebody who writes, and a device may never end.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket.</exception>
    public static void RequireFile(string path)
    {
        if (IsSpecial(path)) throw new IOException($"it {NoFile}");
    }

    /// <summary>Whether it is a socket; false where it is not there, or the system does not tell.</summary>
    public static bool IsSocket(string path) => Of(path) == Socket;

    /// <summary>What tells one state of a file from another, found behind symbolic links: which file it is, when it was changed and written, its size and mode. Null where the system does not tell.</summary>
    public static FileState? StateOf(string path)
    {
        Span<byte> status = stackalloc byte[256];
        if (!TryGet(path, ForceSync, Everything, status)) return null;
        return new FileState(
            MemoryMarshal.Read<ulong>(status[InodeAt..]), MemoryMarshal.Read<ulong>(status[DeviceAt..]), MemoryMarshal.Read<long>(status[SizeAt..]), MemoryMarshal.Read<ushort>(status[ModeAt..]),
            Ticks(status[ChangedAt..]), Ticks(status[WrittenAt..]));
    }

    private static int? Of(string path)
    {
        Span<byte> status = stackalloc byte[256];
        return TryGet(path, 0, TypeOnly, status) ? MemoryMarshal.Read<ushort>(status[ModeAt..]) & KindMask : null;
    }

    private static bool TryGet(string path, int flags, uint mask, Span<byte> status)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return StatX(CurrentDirectory, path, flags, mask, ref MemoryMarshal.GetReference(status)) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Seconds and nanoseconds as .NET's ticks.</summary>
    private static long Ticks(ReadOnlySpan<byte> time) => DateTime.UnixEpoch.Ticks + MemoryMarshal.Read<long>(time) * TimeSpan.TicksPerSecond + MemoryMarshal.Read<uint>(time[sizeof(long)..]) / TimeSpan.NanosecondsPerTick;

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);
}

/// <summary>One state of a file.</summary>
internal readonly record struct FileState(ulong Inode, ulong Device, long Size, int Mode, long Changed, long Written);
