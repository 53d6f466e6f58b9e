using System.Globalization;
using System.Text;
using CsCheck;
using MessageRouter.Json;

namespace MessageRouter.Tests.Json;

/// <summary>Random JSON documents with what makes them hard: duplicate keys, escapes, white space, nesting.</summary>
internal static class JsonGen
{
    /// <summary>How many documents find the rare combinations, such as a shorter duplicate of a parent.</summary>
    public const int Many = 5_000;

    private static readonly Gen<string> s_space =
        Gen.Frequency((6, Gen.Const("")), (2, Gen.Const(" ")), (1, Gen.OneOf("\n  ", "\r\n", "\t", "  ")));

    // Few keys, so that duplicates and hits are frequent.
    private static readonly Gen<string> s_name = Gen.Frequency(
        (8, Gen.OneOf("a", "b", "c")),
        (3, Gen.OneOf("0", "1", "2")),
        (2, Gen.OneOf("", "a.b", "x y", "q\"", "\\", "/", "é", "🙂", "\u0001", "\n", "\ufffd", "null")));

    private static readonly Gen<string> s_text = Gen.Frequency(
        (3, Gen.OneOf("", "a", "b", "0", "{}", "\"a\":1,", "2020-01-02T03:04:05Z", "\\u0061")),
        (2, Gen.String[Gen.OneOf('a', 'é', '"', '\\', '/', '\n', '\u001f', '\u007f', '\u2028', '€', '{', ','), 0, 8]),
        (1, Gen.OneOf("🙂", "a🙂é𝄞")));

    private static readonly Gen<string> s_scalar = Gen.Frequency(
        (4, Gen.OneOf("0", "-0", "1", "12.50", "1E+2", "-1.5e-3", "12345678901234567890123", "true", "false", "null")),
        (3, StringOf(s_text)),
        (1, Gen.OneOf("\"\\ud800\"", "\"x\\uDC00y\"", "\"\\uD83D\\uD83D\\uDE00\"", "\"\\ud83d\\u0041\\b\"")));

    /// <summary>The names of a path; most lead somewhere in a random document.</summary>
    public static Gen<string[]> Names { get; } = s_name.Array[1, 4];

    public static Gen<FieldPath> Path { get; } = Names.Select(PathOf);

    public static Gen<string> Value { get; } = Gen.Recursive<string>((depth, value) => depth > 4
        ? s_scalar
        : Gen.Frequency((depth == 0 ? 1 : 4, s_scalar), (4, ObjectOf(value)), (2, ArrayOf(value))));

    public static Gen<string> Document { get; } =
        Gen.Select(s_space, Gen.Frequency((9, ObjectOf(Value)), (1, Value)), s_space, (before, value, after) => before + value + after);

    public static FieldPath PathOf(params string[] names) => FieldPath.Parse(string.Join('.', names.Select(
        name => name.All(char.IsAsciiLetterOrDigit) && name.Length > 0
            ? name
            : $"\"{name.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"")));

    private static Gen<string> ObjectOf(Gen<string> value) =>
        Joined('{', Gen.Select(KeyOf(), s_space, s_space, value, (key, before, after, v) => $"{key}{before}:{after}{v}"), '}');

    private static Gen<string> ArrayOf(Gen<string> value) => Joined('[', value, ']');

    private static Gen<string> Joined(char open, Gen<string> item, char close) =>
        Gen.Select(
            Gen.Select(s_space, item, s_space, (before, i, after) => before + i + after).Array[0, 4],
            s_space,
            (items, space) => open + (items.Length == 0 ? space : string.Join(',', items)) + close);

    private static Gen<string> KeyOf() => Gen.Frequency((20, StringOf(s_name)), (1, Gen.OneOf("\"\\ud800\"", "\"\\udfffa\"")));

    private static Gen<string> StringOf(Gen<string> text) =>
        Gen.Select(text, Gen.Int[0, 3].Array[8], (t, styles) => Write(t, styles));

    private static string Write(string text, int[] styles)
    {
        var json = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            // Halves of a pair are escaped both or not at all.
            var pair = char.IsLowSurrogate(text[i]) ? i - 1 : i;
            var style = styles[pair % styles.Length];
            json.Append((text[i], style) switch
            {
                (_, 0) => Unicode(text[i], "x4"),
                ('"' or '\\', _) => $"\\{text[i]}",
                ('/', 1) => "\\/",
                ('\n', 1) => "\\n",
                ( < ' ', _) => Unicode(text[i], "X4"),
                var (c, _) => c.ToString(),
            });
        }

        return json.Append('"').ToString();
    }

    private static string Unicode(char c, string format) => "\\u" + ((int)c).ToString(format, CultureInfo.InvariantCulture);
}
