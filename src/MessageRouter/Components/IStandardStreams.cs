using Microsoft.Win32.SafeHandles;

namespace MessageRouter.Components;

/// <summary>The process's standard streams; a host may put others in their place.</summary>
internal interface IStandardStreams
{
    Stream OpenInput();

    Stream OpenOutput();

    Stream OpenError();
}

/// <summary>The real ones.</summary>
internal sealed class StandardStreams : IStandardStreams
{
    public static readonly StandardStreams Instance = new();

    private const string Cure = "redirect it, to /dev/null if nobody is to read it";

    public Stream OpenInput()
    {
        StandardDescriptor.Require(0, "standard input", "redirect it, from /dev/null if there is nothing to read");

        // A directory can be opened, and every read fails.
        if (!OperatingSystem.IsWindows() && Directory.Exists("/dev/stdin")) throw new IOException("The standard input is a directory; give a file or a pipe.");
        return Console.OpenStandardInput();
    }

    public Stream OpenOutput()
    {
        StandardDescriptor.Require(1, "standard output", Cure);
        return OpenWriter(1, Console.OpenStandardOutput);
    }

    public Stream OpenError()
    {
        StandardDescriptor.Require(2, "standard error output", Cure);
        return OpenWriter(2, Console.OpenStandardError);
    }

    /// <remarks>
    /// The console's own stream takes a broken pipe for success, so pipes and terminals are written to directly. A file
    /// is not: two streams redirected to one file must share the position that the shell gave them, which only the
    /// console's stream does. On Windows a broken pipe stays unnoticed.
    /// </remarks>
    private static Stream OpenWriter(int descriptor, Func<Stream> openConsole)
    {
        if (OperatingSystem.IsWindows()) return openConsole();
        FileStream direct;
        try
        {
            direct = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Closed by whoever started the process, or a socket of a kind that FileStream does not take.
            return openConsole();
        }
        if (!direct.CanSeek) return direct;
        direct.Dispose();
        return openConsole();
    }
}
