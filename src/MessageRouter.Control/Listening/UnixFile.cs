using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MessageRouter.Control.Listening;

/// <summary>Whose a file is and who may do what with it, without following a link.</summary>
/// <param name="Owner">The user's id.</param>
/// <param name="Mode">The permissions, and what it is.</param>
internal readonly record struct UnixFile(uint Owner, int Mode)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint ModeAndOwner = 1 | 2 | 8;
    private const int KindMask = 0xF000;

    public bool IsFolder => (Mode & KindMask) == 0x4000;

    public bool IsSocket => (Mode & KindMask) == 0xC000;

    /// <summary>Whether others than its owner may change it.</summary>
    public bool IsWritableByOthers => (Mode & 0b010_010) != 0;

    /// <summary>The user that this process runs as.</summary>
    public static uint Self => OperatingSystem.IsWindows() ? 0 : GetUserId();

    /// <returns>Null where it is not there, or the system does not tell.</returns>
    public static UnixFile? Of(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        if (!OperatingSystem.IsLinux())
        {
            var info = new FileInfo(path);
            var isFolder = info.Attributes.HasFlag(FileAttributes.Directory) && info.LinkTarget is null;
            return info.Exists || Directory.Exists(path) ? new UnixFile(Self, (int)info.UnixFileMode | (isFolder ? 0x4000 : 0xC000)) : null;
        }
        Span<byte> status = stackalloc byte[256];
        if (StatX(CurrentDirectory, path, NoFollow, ModeAndOwner, ref MemoryMarshal.GetReference(status)) != 0) return null;
        var isLittle = BitConverter.IsLittleEndian;
        return new UnixFile(
            isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(status[20..]) : BinaryPrimitives.ReadUInt32BigEndian(status[20..]),
            isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) : BinaryPrimitives.ReadUInt16BigEndian(status[28..]));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetUserId();
}
