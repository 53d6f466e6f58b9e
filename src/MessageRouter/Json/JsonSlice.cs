using System.Text;
using System.Text.Json;

namespace MessageRouter.Json;

/// <summary>Where a raw value is in its document; a string with its quotes.</summary>
internal readonly record struct JsonSlice(int Start, int Length, JsonTokenType Kind)
{
    public int End => Start + Length;

    public bool IsContainer => Kind is JsonTokenType.StartObject or JsonTokenType.StartArray;

    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> document) => document.Slice(Start, Length);

    /// <summary>Compares a string by its unescaped text, everything else by its raw text.</summary>
    public bool ValueEquals(ReadOnlySpan<byte> document, ReadOnlySpan<byte> utf8Text) =>
        Kind == JsonTokenType.String
            ? JsonEscapes.TextEquals(Content(document), utf8Text)
            : Raw(document).SequenceEqual(utf8Text);

    /// <summary>The unescaped text of a string, the raw text of everything else.</summary>
    public string GetText(ReadOnlySpan<byte> document) =>
        Kind == JsonTokenType.String
            ? JsonEscapes.GetText(Content(document))
            : Encoding.UTF8.GetString(Raw(document));

    private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> document) => document.Slice(Start + 1, Length - 2);
}
