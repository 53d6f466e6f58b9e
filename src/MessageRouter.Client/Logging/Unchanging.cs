namespace MessageRouter.Client.Logging;

/// <summary>Which values cannot change, and run nobody's code when they are written: an event of nothing else may be written later, and by another thread.</summary>
internal static class Unchanging
{
    /// <summary>Texts that are longer are cut while they are written, and what waits should not keep the rest of them.</summary>
    private const int LongestText = 4 << 10;

    /// <summary>What a value that is none takes, at most.</summary>
    private const int Boxed = 32;

    /// <summary>Whether a value is one of those; adds to <paramref name="size"/> the memory that it keeps.</summary>
    public static bool Is(object? value, ref int size)
    {
        switch (value)
        {
            case null: return true;
            case string text: return IsShort(text, ref size);
            case Uri link when link.GetType() == typeof(Uri): return IsShort(link.OriginalString, ref size);
            default:
                size += Boxed;
                return value is int or bool or long or double || Is(value.GetType());
        }
    }

    /// <summary>Whether all values of a type are such, as far as they are not too long.</summary>
    public static bool Is(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Uri) || type == typeof(decimal) || type == typeof(Guid) || type == typeof(TimeSpan)
        || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeOnly)
        || (Nullable.GetUnderlyingType(type) is { } inner && Is(inner));

    private static bool IsShort(string text, ref int size)
    {
        size += text.Length * sizeof(char);
        return text.Length <= LongestText;
    }
}
