using System.Text;
using MessageRouter.Components;
using MessageRouter.Configuration;

namespace MessageRouter.Cli.Listing;

/// <summary>One component with all its keys and an example.</summary>
internal static class ComponentPage
{
    private static readonly KeyLine To = new("to", "list of names", "required", "the filters and outputs that it sends to");
    private static readonly KeyLine Decode = new("decode", "json | text | bytes", "json", "how payloads are read");
    private static readonly KeyLine Encode = new("encode", "json | text | bytes", "json", "how payloads are written");

    public static string Print(ComponentType type)
    {
        var text = new StringBuilder($"{type.Role.Word()} {type.Name}\n");
        if (type.Summary.Length > 0) text.Append($"  {type.Summary}\n");
        var own = type.OptionsType is { } options ? KeyLine.Of(options, "").ToList() : [];
        var ofAsync = type.IsAsync ? KeyLine.Of(typeof(AsyncOptions), "").ToList() : [];
        var common = CommonKeys(type.Role).ToList();
        var all = own.Concat(ofAsync).Concat(common).ToList();
        var widths = (Name: all.Max(key => key.Name.Length), Kind: all.Max(key => key.Kind.Length));
        Write(text, "its keys", own, widths);
        Write(text, "the keys of every asynchronous filter", ofAsync, widths);
        Write(text, $"the keys of every {type.Role.Word()}", common, widths);
        if (type.Example.Length > 0) text.Append($"\n  example:\n    {type.Role.Section()} {{\n      my-{type.Name} {type.Example}\n    }}\n");
        return text.ToString();
    }

    /// <summary>The keys that every component of a role has.</summary>
    private static IEnumerable<KeyLine> CommonKeys(ComponentRole role) =>
    [
        .. role switch
        {
            ComponentRole.Input => [To, Decode, .. KeyLine.Of(typeof(SingletonSection), "")],
            ComponentRole.Filter => [To, .. KeyLine.Of(typeof(PoolSection), ""), .. KeyLine.Of(typeof(PlacementSection), $"{PlacementReader.Key}.{PlacementReader.Cluster}."), .. KeyLine.Of(typeof(RetryOptions), "retry.")],
            _ => (IEnumerable<KeyLine>)[Encode],
        },
        .. KeyLine.Of(typeof(MailboxOptions), "mailbox."),
        .. KeyLine.Of(typeof(SupervisionSection), "supervision."),
    ];

    private static void Write(StringBuilder text, string heading, IReadOnlyList<KeyLine> keys, (int Name, int Kind) widths)
    {
        if (keys.Count == 0) return;
        text.Append($"\n  {heading}:\n");
        foreach (var key in keys)
        {
            text.Append($"    {key.Name.PadRight(widths.Name)}  {key.Kind.PadRight(widths.Kind)}  {Shown(key.Default)}".TrimEnd()).Append('\n');
            if (key.Description.Length > 0) text.Append($"      {key.Description}\n");
        }
    }

    private static string Shown(string byDefault) => byDefault is "" or "required" ? byDefault : $"default {byDefault}";
}
