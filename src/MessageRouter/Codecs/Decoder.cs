using System.Text.Unicode;
using MessageRouter.Json;

namespace MessageRouter.Codecs;

/// <summary>How an input reads payloads: checks that they are what its <c>decode</c> says.</summary>
internal abstract class Decoder
{
    public static Decoder For(MessageFormat format) => format switch
    {
        MessageFormat.Json => new JsonDecoder(),
        MessageFormat.Text => new TextDecoder(),
        _ => new BytesDecoder(),
    };

    /// <summary>Says what is wrong with a payload; null where nothing is.</summary>
    public abstract string? Check(ReadOnlySpan<byte> payload);

    private sealed class JsonDecoder : Decoder
    {
        public override string? Check(ReadOnlySpan<byte> payload) => JsonCheck.IsDocument(payload, out var problem) ? null : problem;
    }

    private sealed class TextDecoder : Decoder
    {
        public override string? Check(ReadOnlySpan<byte> payload) => Utf8.IsValid(payload) ? null : "not valid UTF-8";
    }

    private sealed class BytesDecoder : Decoder
    {
        public override string? Check(ReadOnlySpan<byte> payload) => null;
    }
}
