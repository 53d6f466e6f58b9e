using System.Text.RegularExpressions;
using MessageRouter.Components;

namespace MessageRouter.Cli.Passing;

/// <summary>Message::Passing's names of components and codecs, and what they are called here.</summary>
internal static partial class SeedNames
{
    private static readonly Dictionary<string, string> Components = new()
    {
        ["STDIN"] = "stdin",
        ["STDOUT"] = "stdout",
        ["STDERR"] = "stderr",
        ["ZeroMQ"] = "zeromq",
        ["File"] = "file",
        ["FileTail"] = "file-tail",
        ["Socket::UDP"] = "udp",
        ["Null"] = "null",
        ["All"] = "all",
        ["T"] = "tee",
        ["Key"] = "key",
        ["Delay"] = "delay",
        ["Test"] = "test",
    };

    private static readonly Dictionary<string, string> Codecs = new()
    {
        ["JSON"] = "json",
        ["Text"] = "text",
        ["Null"] = "bytes",
    };

    public static IEnumerable<string> CodecNames => Codecs.Keys;

    /// <summary>
    /// The type of a component, or the class where the name begins with a plus sign. A name that nobody knows stays as
    /// it is, to stand in the error.
    /// </summary>
    public static (string Key, string Value) Component(ComponentRole role, string name, ComponentRegistry builtIns)
    {
        var local = OfTheFamily().Replace(name, "");
        if (local.StartsWith('+')) return ("class", local[1..].Replace("::", ".", StringComparison.Ordinal));
        return ("type", Components.TryGetValue(local, out var ours) && builtIns.TryFind(role, ours, out _) ? ours : local);
    }

    /// <summary>What follows <c>decode</c> or <c>encode</c>; null for a codec that there is not.</summary>
    public static string? Codec(string name)
    {
        var local = OfTheFamily().Replace(name, "");
        return Codecs.TryGetValue(local, out var ours) ? ours : Codecs.ContainsValue(local) ? local : null;
    }

    [GeneratedRegex("^[+]?Message::Passing::(Input|Output|Filter::Decoder|Filter::Encoder|Filter)::")]
    private static partial Regex OfTheFamily();
}
