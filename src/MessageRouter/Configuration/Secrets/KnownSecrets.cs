using System.Text.Encodings.Web;
using System.Text.Json;

namespace MessageRouter.Configuration.Secrets;

/// <summary>Every secret that this process has read, so that none of them gets into what it says: whatever a component throws or logs.</summary>
internal static class KnownSecrets
{
    /// <summary>What is shorter stands in half of all lines.</summary>
    private const int Shortest = 4;

    /// <summary>A line of a longer secret that says enough of it.</summary>
    private const int ShortestLine = 12;

    private const string Mask = "***";

    private static readonly Lock Adding = new();

    /// <summary>The longest first. Replaced, never changed: it is read without a lock.</summary>
    private static volatile string[] _texts = [];

    public static void Add(string secret)
    {
        if (secret.Length < Shortest) return;
        lock (Adding)
        {
            if (_texts.Contains(secret)) return;
            _texts = [.. _texts.Concat(Shapes(secret)).Distinct().OrderByDescending(text => text.Length)];
        }
    }

    /// <summary>A text without any of them.</summary>
    public static string Hide(string text)
    {
        foreach (var secret in _texts) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>As it may stand in a text: as it is, as JSON has it, cut off as messages do, and line by line.</summary>
    private static IEnumerable<string> Shapes(string secret)
    {
        yield return secret;
        yield return JsonEncodedText.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var length in (int[])[60, 200])
        {
            if (secret.Length > length) yield return secret[..length];
        }
        if (!secret.Contains('\n', StringComparison.Ordinal)) yield break;
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= ShortestLine)) yield return line;
    }
}
