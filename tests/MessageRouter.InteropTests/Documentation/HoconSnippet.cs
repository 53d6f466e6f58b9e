using System.Text.RegularExpressions;
using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>What a page shows of a node, and the least that makes a node of it.</summary>
internal static partial class HoconSnippet
{
    /// <summary>Whether it is HOCON: in a block, or a component or a router within a line.</summary>
    public static bool Is(Snippet snippet) =>
        (snippet.Language == "hocon" && !IsTests(snippet)) || (snippet.Language.Length == 0 && (IsComponent(snippet.Text) || IsRouter(snippet.Text)));

    /// <summary>Whether it is tests of a node.</summary>
    public static bool IsTests(Snippet snippet) => snippet.Language == "hocon" && TestsPattern().IsMatch(snippet.Text);

    /// <summary>As it stands in a file: within <c>router { }</c>, a single component with a name.</summary>
    public static string InFile(string text)
    {
        if (IsRouter(text)) return text;
        return IsComponent(text) ? $"router.{Section(text)}.snippet {text}" : $"router {{\n{text}\n}}";
    }

    /// <summary>What a file lacks: outputs for all that is sent to, and an input for all that nobody feeds.</summary>
    public static string Rest(string file)
    {
        var inputs = Names(file, "inputs");
        var outputs = Names(file, "outputs");
        var takers = Names(file, "filters").Concat(outputs).ToDictionary();
        var to = inputs.Concat(takers).SelectMany(component => component.Value).ToHashSet();
        var unfed = takers.Keys.Except(to).ToList();
        if (inputs.Count == 0 && unfed.Count == 0) unfed.Add("rest");
        return $$"""
            router {
              {{(file.Contains("MyApp.", StringComparison.Ordinal) && !file.Contains("plugins", StringComparison.Ordinal) ? "plugins = [MyApp/bin/MyApp.dll]" : "")}}
              inputs { {{(unfed.Count > 0 ? $"feeder {{ type = generator, to = [{string.Join(", ", unfed)}] }}" : "")}} }
              outputs { {{string.Join(", ", to.Concat(unfed).Except(takers.Keys).Select(name => $"{name} {{ type = null }}"))}} }
            }
            """;
    }

    private static bool IsComponent(string text) => text.StartsWith("{ type =", StringComparison.Ordinal);

    private static bool IsRouter(string text) => RouterPattern().IsMatch(text);

    /// <summary>Whoever sends on is an input or a filter; what can be both, an input.</summary>
    private static string Section(string component)
    {
        var fields = Fields(HoconReader.ReadText("snippet", $"snippet {component}").Root.Fields.Single().Value);
        var type = ((HoconScalar)fields.Single(field => field.Key == "type").Value).Text;
        if (fields.All(field => field.Key != "to")) return "outputs";
        return BuiltIns.Registry().Types.Any(known => known.Name == type && known.Role == ComponentRole.Input) ? "inputs" : "filters";
    }

    /// <summary>The components of a section, and where they send to.</summary>
    private static Dictionary<string, string[]> Names(string file, string section)
    {
        var router = HoconReader.ReadText("snippet", file).Root.Fields.Single(field => field.Key == "router").Value;
        return Fields(router).Where(field => field.Key == section).SelectMany(field => Fields(field.Value))
            .ToDictionary(component => component.Key, component => Fields(component.Value).Where(field => field.Key == "to").SelectMany(field => Texts(field.Value)).ToArray());
    }

    private static IReadOnlyList<HoconField> Fields(HoconValue value) => value is HoconObject fields ? fields.Fields : [];

    private static IEnumerable<string> Texts(HoconValue value) => (value is HoconArray list ? list.Items : [value]).OfType<HoconScalar>().Select(text => text.Text);

    [GeneratedRegex(@"^tests \{", RegexOptions.Multiline)]
    private static partial Regex TestsPattern();

    [GeneratedRegex(@"^router(\.\w+)* \{\s+[\w#]")]
    private static partial Regex RouterPattern();
}
