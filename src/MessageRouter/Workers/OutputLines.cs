using System.Text;

namespace MessageRouter.Workers;

/// <summary>Makes lines of what a process writes. They are read whatever happens, so that the process never waits for somebody to read them.</summary>
internal static class OutputLines
{
    /// <summary>The bytes of a line that are kept; the rest of it is left out.</summary>
    public const int LongestLine = 8 * 1024;

    /// <summary>Hands on each line, empty ones excepted, until the stream ends.</summary>
    public static async Task ReadAsync(Stream stream, Action<string> take, CancellationToken cancellation)
    {
        var block = new byte[LongestLine];
        var line = new byte[LongestLine];
        var length = 0;
        var isCut = false;
        try
        {
            while (await stream.ReadAsync(block, cancellation) is > 0 and var read)
            {
                for (var at = 0; at < read;)
                {
                    var rest = block.AsSpan(at, read - at);
                    var lineEnd = rest.IndexOf((byte)'\n');
                    if (lineEnd >= 0) rest = rest[..lineEnd];
                    var fits = Math.Min(rest.Length, LongestLine - length);
                    rest[..fits].CopyTo(line.AsSpan(length));
                    length += fits;
                    isCut |= fits < rest.Length;
                    at += rest.Length;
                    if (lineEnd < 0) continue;
                    at++;
                    HandOn();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The process has ended; what it has left open tells nothing more.
        }
        HandOn();

        void HandOn()
        {
            var text = Encoding.UTF8.GetString(line, 0, length).TrimEnd('\r');
            if (text.Length > 0) take(isCut ? text + "… (the rest of the line is left out)" : text);
            length = 0;
            isCut = false;
        }
    }
}
