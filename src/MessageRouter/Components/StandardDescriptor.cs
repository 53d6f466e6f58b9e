using System.Runtime.InteropServices;

namespace MessageRouter.Components;

/// <summary>Whether whoever started the process has given it a standard stream at all.</summary>
internal static class StandardDescriptor
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>
    /// Whether the descriptor is open and was so when the process began. One that was closed then may be anything of the runtime's own by now; what
    /// that opens is marked to be closed when another program begins, which no descriptor can be that has come through such a beginning.
    /// </summary>
    public static bool IsOpen(int descriptor) =>
        OperatingSystem.IsWindows() || Fcntl(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <exception cref="IOException">It is not open.</exception>
    public static void Require(int descriptor, string name, string cure)
    {
        if (!IsOpen(descriptor)) throw new IOException($"the {name} is closed; {cure}.");
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fcntl(int descriptor, int command);
}
