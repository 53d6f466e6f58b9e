using System.Text.Json;
using System.Text.Unicode;
using MessageRouter.Json;

namespace MessageRouter.Codecs;

/// <summary>How an output writes payloads, by its <c>encode</c>.</summary>
internal abstract class Encoder
{
    public static Encoder For(MessageFormat format) => format switch
    {
        MessageFormat.Json => new JsonEncoder(),
        MessageFormat.Text => new TextEncoder(),
        _ => new BytesEncoder(),
    };

    /// <summary>The message as it is written: the same one where nothing has to change.</summary>
    /// <exception cref="FormatException">The message cannot be written so.</exception>
    public abstract Message Encode(Message message);

    /// <summary>Whether all of these messages are written as they are, as far as their bytes alone tell.</summary>
    public bool Keeps(MessageBatch batch)
    {
        if (batch.PlainFormat is not { } format) return false;
        for (var i = 0; i < batch.Count; i++)
        {
            if (!Keeps(batch.PayloadAt(i), format)) return false;
        }
        return true;
    }

    protected abstract bool Keeps(ReadOnlySpan<byte> payload, MessageFormat format);

    /// <summary>
    /// JSON on one line. What was never JSON passes as it is, as Message::Passing's JSON encoder lets everything pass
    /// that is not a structure.
    /// </summary>
    private sealed class JsonEncoder : Encoder
    {
        protected override bool Keeps(ReadOnlySpan<byte> payload, MessageFormat format) => format != MessageFormat.Json || JsonText.IsSingleLine(payload);

        public override Message Encode(Message message)
        {
            if (message.Format != MessageFormat.Json) return message;
            var line = JsonText.SingleLine(message.Payload);
            return line.Equals(message.Payload) ? message : message.WithKnown(line, MessageFormat.Json);
        }
    }

    /// <summary>A JSON string as its text, everything else as it is; it must be UTF-8.</summary>
    private sealed class TextEncoder : Encoder
    {
        protected override bool Keeps(ReadOnlySpan<byte> payload, MessageFormat format) => format != MessageFormat.Json && Utf8.IsValid(payload);

        public override Message Encode(Message message)
        {
            if (message.Format == MessageFormat.Json)
            {
                var reader = new Utf8JsonReader(message.Payload.Span);
                return reader.Read() && reader.TokenType == JsonTokenType.String
                    ? message.WithKnown(System.Text.Encoding.UTF8.GetBytes(reader.GetString()!), MessageFormat.Text)
                    : message;
            }
            return Utf8.IsValid(message.Payload.Span) ? message : throw new FormatException("the payload is not valid UTF-8");
        }
    }

    private sealed class BytesEncoder : Encoder
    {
        protected override bool Keeps(ReadOnlySpan<byte> payload, MessageFormat format) => true;

        public override Message Encode(Message message)
        {
            // A tree that cannot be written has to fail here, where it costs one message, and not in the output.
            _ = message.Payload;
            return message;
        }
    }
}
