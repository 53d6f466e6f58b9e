namespace MessageRouter.Cluster.Streams;

/// <summary>What a stream can be called.</summary>
internal static class StreamName
{
    private const int Longest = 128;

    /// <returns>What is wrong with a name; null where it can be one.</returns>
    public static string? Problem(string name) =>
        name.Length is > 0 and <= Longest && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? null
            : $"must be 1 to {Longest} letters, digits, `-`, `_` and `.`";
}
