namespace MessageRouter.InteropTests.Support;

/// <summary>Messages to send. One key each: the original writes the keys of an object in any order.</summary>
internal static class Numbered
{
    private const string Begin = """{"n":""";

    public static string Line(int n) => $$"""{"n":{{n}}}""";

    public static string[] Lines(int from, int count) => [.. Enumerable.Range(from, count).Select(n => Line(n))];

    public static bool Is(string line) => line.StartsWith(Begin, StringComparison.Ordinal);

    /// <summary>Those with this number and higher ones.</summary>
    public static Predicate<string> AreFrom(int from) => line => Is(line) && int.Parse(line.AsSpan()[Begin.Length..^1]) >= from;
}
