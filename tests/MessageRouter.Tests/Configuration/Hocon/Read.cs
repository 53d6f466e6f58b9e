using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

/// <summary>Reads texts for tests, without the real environment.</summary>
internal static class Read
{
    public static HoconReaderOptions Options { get; } = new() { Environment = _ => null };

    public static HoconDocument Text(string text, HoconReaderOptions? options = null) =>
        HoconReader.ReadText("node.conf", text, options ?? Options);

    /// <summary>The tree on one line, as JSON with numbers as they were written.</summary>
    public static string Json(string text, HoconReaderOptions? options = null)
    {
        var document = Text(text, options);
        Assert.Empty(document.Diagnostics.Select(diagnostic => diagnostic.Message));
        return Json(document.Root);
    }

    public static string Json(HoconValue value) => value switch
    {
        HoconObject fields => "{" + string.Join(",", fields.Fields.Select(field => Quote(field.Key) + ":" + Json(field.Value))) + "}",
        HoconArray array => "[" + string.Join(",", array.Items.Select(Json)) + "]",
        HoconScalar { Kind: HoconScalarKind.String } scalar => Quote(scalar.Text),
        HoconScalar scalar => scalar.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    public static Diagnostic Error(string text, HoconReaderOptions? options = null) =>
        Assert.Single(Text(text, options).Diagnostics);

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
