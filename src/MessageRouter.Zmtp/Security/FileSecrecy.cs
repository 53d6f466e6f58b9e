using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Whether a file with a secret is its owner's alone. That a group may read it which root has given it to counts as that for whoever is not root: so Kubernetes mounts secrets for a user without rights
/// (<c>fsGroup</c>), and PostgreSQL takes its keys.
/// </summary>
internal static class FileSecrecy
{
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const uint Root = 0;

    private const int OfDescriptor = 0x1000;

    private const uint AskOwner = 8;

    /// <summary>Whether others may read or change a file. It is asked of what was opened, which nobody can exchange meanwhile; not on Windows.</summary>
    public static bool IsOthers(SafeFileHandle file) => !OperatingSystem.IsWindows() && IsOthers(File.GetUnixFileMode(file), () => OwnerOf(file), () => GetUserId());

    /// <param name="mode">Who may do what with the file.</param>
    /// <param name="owner">Whose it is; null where the system does not tell.</param>
    /// <param name="self">Who asks.</param>
    internal static bool IsOthers(UnixFileMode mode, Func<uint?> owner, Func<uint> self) =>
        (mode & OfOthers) is var others && others != 0 && (others != UnixFileMode.GroupRead || owner() != Root || self() == Root);

    private static uint? OwnerOf(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> status = stackalloc byte[256];
        try
        {
            if (StatX(file, "", OfDescriptor, AskOwner, ref MemoryMarshal.GetReference(status)) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return null;
        }
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(status[20..]) : BinaryPrimitives.ReadUInt32BigEndian(status[20..]);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(SafeFileHandle file, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetUserId();
}
