using System.Globalization;
using System.Text;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>What is sent: JSON log lines of one size, which begin with the time at which they were sent.</summary>
internal static class Payload
{
    /// <summary>Where the 16 hexadecimal digits of the time begin and end, in microseconds; all zeros mean none.</summary>
    public const int StampStart = 6;

    public const int StampEnd = StampStart + 16;

    private const string Start = """{"t":"0000000000000000","level":"error","host":"web-12","n":17,"text":" """;

    /// <summary>Where the two digits of <c>n</c> stand.</summary>
    private static readonly int NumberAt = Start.IndexOf("17", StringComparison.Ordinal);

    /// <summary>The least number, and how many there are.</summary>
    private const int FirstNumber = 10, Numbers = 90;

    private const string End = "\"}";

    /// <summary>The shortest size that there is.</summary>
    public static int Least => Start.TrimEnd().Length + End.Length;

    /// <summary>A message of <paramref name="size"/> bytes.</summary>
    public static byte[] Json(int size)
    {
        var start = Start.TrimEnd();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Least);
        var text = new StringBuilder(start);
        for (var word = 0; text.Length < size - End.Length; word++)
            text.Append(CultureInfo.InvariantCulture, $"request {word} took {word * 7 % 100} ms; ");
        text.Length = size - End.Length;
        return Encoding.ASCII.GetBytes(text.Append(End).ToString());
    }

    /// <summary>Has one of many messages be about something else than its neighbours: its <c>n</c> is one of 90 numbers.</summary>
    public static void Number(Span<byte> message, int place)
    {
        var number = FirstNumber + place % Numbers;
        message[NumberAt] = (byte)('0' + number / 10);
        message[NumberAt + 1] = (byte)('0' + number % 10);
    }

    public static void Stamp(Span<byte> message, long microseconds)
    {
        const string digits = "0123456789abcdef";
        for (var i = StampEnd - 1; i >= StampStart; i--, microseconds >>= 4) message[i] = (byte)digits[(int)(microseconds & 15)];
    }
}
