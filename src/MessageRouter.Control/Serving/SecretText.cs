using System.Text.RegularExpressions;

namespace MessageRouter.Control.Serving;

/// <summary>Hides values of keys that sound like secrets, in what is shown of a file.</summary>
internal static partial class SecretText
{
    public static string Hide(string block) => SecretPattern().Replace(block, match => $"{match.Groups["key"].Value}\"…\"");

    /// <summary>Whether a key of this name sounds like a secret, and not like the file that has it.</summary>
    public static bool IsSecret(string key) => NamePattern().IsMatch(key) && !key.EndsWith("-file", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("password|passwd|secret|token|api-?key|credential|connection-?string", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(?<key>[\w.-]*(password|passwd|secret|token|api-?key|credential|connection-?string)[\w-]*""?\s*[:=]\s*)(?!secret\s*\{)(""""""[\s\S]*?""""""|""(\\.|[^""\\\n])*""|[^\s,}\]\n]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretPattern();
}
