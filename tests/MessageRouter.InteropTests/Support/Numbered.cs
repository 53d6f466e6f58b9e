namespace MessageRouter.InteropTests.Support;

/// <summary>Messages to send. One key each: the original writes the keys of an object in any order.</summary>
internal static class Numbered
{
    public static string Line(int n) => $$"""{"n":{{n}}}""";

    public static string[] Lines(int from, int count) => [.. Enumerable.Range(from, count).Select(n => Line(n))];

    public static bool Is(string line) => line.StartsWith("""{"n":""", StringComparison.Ordinal);
}
