using System.Globalization;
using System.Text;

namespace MessageRouter.Zmtp;

/// <summary>
/// What a terminal may be given. Text from a file could otherwise move the cursor, change colours, or, with the
/// marks for right-to-left writing, show something else than what is there.
/// </summary>
internal static class SafeText
{
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = Next(text.AsSpan(at), out var shown, out _);
            safe.Append(shown);
            at += length;
        }

        return safe.ToString();
    }

    /// <summary>How the first character is shown and how many columns that takes; returns how many chars it has.</summary>
    public static int Next(ReadOnlySpan<char> text, out string shown, out int columns)
    {
        if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            shown = Escape(text[0]);
            columns = shown.Length;
            return 1;
        }

        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned:
                shown = Escape(rune.Value);
                columns = shown.Length;
                break;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                shown = rune.ToString();
                columns = 0;
                break;
            default:
                shown = rune.ToString();
                columns = IsWide(rune.Value) ? 2 : 1;
                break;
        }

        return length;
    }

    private static string Escape(int value) => value <= 0xFF
        ? "\\x" + value.ToString("x2", CultureInfo.InvariantCulture)
        : "\\u{" + value.ToString("x4", CultureInfo.InvariantCulture) + "}";

    private static bool IsWide(int value) => value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F)
        or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD);
}
