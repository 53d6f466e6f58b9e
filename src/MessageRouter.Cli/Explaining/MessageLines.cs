using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Explaining;

/// <summary>The messages of a command: the one that it was given, or the lines of its standard input.</summary>
internal static class MessageLines
{
    /// <summary>Lines that are read.</summary>
    public const int Most = 100;

    /// <exception cref="CommandException">There is none, or the standard input cannot be read.</exception>
    public static IEnumerable<byte[]> Of(string? message, Surroundings surroundings) =>
        message is not null ? [Encoding.UTF8.GetBytes(message)]
        : surroundings.HasInput() ? Read(surroundings)
        : throw CommandException.Usage("there is no message; give it with --message, or on the standard input.");

    private static IEnumerable<byte[]> Read(Surroundings surroundings)
    {
        using var reader = new StreamReader(Open(surroundings), Encoding.Latin1);
        var count = 0;
        while (Line(reader) is { } line)
        {
            if (line.Length == 0) continue;
            if (count++ == Most)
            {
                surroundings.Error.WriteLine($"warning: only the first {Most} lines are explained");
                yield break;
            }

            // Byte for byte: what is no text is told by the input's codec.
            yield return Encoding.Latin1.GetBytes(line);
        }
        if (count == 0) throw CommandException.Usage("the standard input has no message.");
    }

    private static Stream Open(Surroundings surroundings)
    {
        try
        {
            return surroundings.OpenInput();
        }
        catch (IOException exception)
        {
            throw CommandException.Unavailable(SafeText.Of(exception.Message));
        }
    }

    private static string? Line(StreamReader reader)
    {
        try
        {
            return BoundedText.Line(reader);
        }
        catch (IOException exception)
        {
            throw CommandException.Unavailable($"the standard input cannot be read: {SafeText.Of(exception.Message)}");
        }
    }
}
