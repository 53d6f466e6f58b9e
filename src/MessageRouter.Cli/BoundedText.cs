using System.Text;

namespace MessageRouter.Cli;

/// <summary>Reads text that may never end, such as a device's, up to a limit.</summary>
internal static class BoundedText
{
    /// <summary>Of a file, or of what comes through a pipe, as a whole: as much as all files of a configuration together may have.</summary>
    public const int Longest = 16 << 20;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than <paramref name="most"/> bytes.</exception>
    public static string OfFile(string path, int most = Longest)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Encoding.UTF8.GetString(Read(file, most)).TrimStart('\uFEFF');
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than <paramref name="most"/> bytes.</exception>
    public static byte[] Read(Stream stream, int most = Longest) => BoundedRead.All(stream, most) ?? throw TooLong(most);

    /// <summary>Reads a line.</summary>
    /// <returns>Without its end; null where there is none any more.</returns>
    /// <exception cref="IOException">It cannot be read, or is longer than <paramref name="most"/> characters.</exception>
    public static string? Line(TextReader reader, int most = Longest)
    {
        var line = new StringBuilder();
        int next;
        while ((next = reader.Read()) is not (-1 or '\n'))
        {
            if (line.Length == most) throw TooLong(most);
            line.Append((char)next);
        }
        if (next < 0 && line.Length == 0) return null;
        if (line.Length > 0 && line[^1] == '\r') line.Length--;
        return line.ToString();
    }

    private static IOException TooLong(int most) => new(FormattableString.Invariant($"it is longer than {most >> 20} MiB"));
}
