using System.Text.RegularExpressions;

namespace MessageRouter.Control.Serving;

/// <summary>Hides values of keys that sound like secrets, in what is shown of a file.</summary>
internal static partial class SecretText
{
    public static string Hide(string block) => SecretPattern().Replace(block, match => $"{match.Groups["key"].Value}\"…\"");

    [GeneratedRegex(@"(?<key>[\w.-]*(password|passwd|secret|token|api-?key|credential|connection-?string)[\w-]*""?\s*[:=]\s*)(""""""[\s\S]*?""""""|""(\\.|[^""\\\n])*""|[^\s,}\]\n]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretPattern();
}
