using System.Text;
using System.Text.RegularExpressions;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;
using MessageRouter.Configuration.Secrets;

namespace MessageRouter.Cli.InForce;

/// <summary>Writes values as HOCON for people, in which only what needs quotes has them. What is read of it are the same values.</summary>
internal sealed partial class HoconText
{
    private const string TripleQuote = "\"\"\"";

    /// <summary>The column of the origins; longer lines have theirs right behind them.</summary>
    private const int OriginColumn = 56;

    private readonly StringBuilder _text = new();
    private readonly bool _withOrigins;

    private HoconText(bool withOrigins) => _withOrigins = withOrigins;

    /// <param name="values">The values.</param>
    /// <param name="withOrigins">Whether each has a comment that says where it is from.</param>
    public static string Write(IReadOnlyList<ConfigValue> values, bool withOrigins)
    {
        var text = new HoconText(withOrigins);
        text.WriteChildren(ConfigTree.Of(values), 0);
        return text._text.ToString();
    }

    /// <summary>One value, on one line where it has no line ends itself.</summary>
    public static string Of(HoconValue value) => value switch
    {
        HoconObject { Fields.Count: 0 } => "{}",
        HoconObject block => $"{{ {string.Join(", ", block.Fields.Select(field => $"{Key(field.Key)} = {Of(field.Value)}"))} }}",
        HoconArray array => $"[{string.Join(", ", array.Items.Select(Of))}]",
        HoconScalar { Kind: HoconScalarKind.String } scalar => Text(scalar.Text),
        HoconScalar scalar => scalar.Text,
        _ => "null",
    };

    /// <summary>A path as it is written.</summary>
    public static string Path(IEnumerable<string> keys) => string.Join('.', keys.Select(Key));

    private void WriteChildren(ConfigTree block, int level)
    {
        foreach (var child in block.Children)
        {
            var begin = _text.Length;
            _text.Append(' ', level * 2).Append(Key(child.Key));
            if ((child.Value ?? Secret(child)) is { } value)
            {
                _text.Append(child.Value?.Value is HoconObject ? " " : " = ").Append(child.Value is null ? $"{SecretSource.Key} " : "").Append(Of(value.Value));
                if (_withOrigins) _text.Append(' ', Math.Max(2, OriginColumn - (_text.Length - begin))).Append("# ").Append(value.From);
                _text.Append('\n');
                continue;
            }
            _text.Append(" {\n");
            WriteChildren(child, level + 1);
            _text.Append(' ', level * 2).Append("}\n");
        }
    }

    /// <summary>Where a secret is kept, as one value; null for all other blocks.</summary>
    private static ConfigValue? Secret(ConfigTree block) =>
        block.Children is [{ Key: SecretSource.Key, Children: [{ Value: { } first }, ..] } secret] && SecretSource.Of(block.ToValue(first.Value.Span)) is not null
            ? first with { Value = secret.ToValue(first.Value.Span) }
            : null;

    private static string Key(string key) => KeyPattern().IsMatch(key) && key != "include" ? key : Quoted(key);

    private static string Text(string text)
    {
        if (PlainPattern().IsMatch(text) && text is not ("true" or "false" or "null" or "include")) return text;
        return text.Contains('\n') && !text.Contains('\r') && !text.Contains(TripleQuote, StringComparison.Ordinal) && !text.EndsWith('"') ? TripleQuote + text + TripleQuote : Quoted(text);
    }

    private static string Quoted(string text) => HoconPrinter.Quoted(text);

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]*$")]
    private static partial Regex KeyPattern();

    /// <summary>Words, durations and sizes; numbers are other values than texts that look like them.</summary>
    [GeneratedRegex("^([0-9]+)?[A-Za-z][A-Za-z_-]*$|^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex PlainPattern();
}
