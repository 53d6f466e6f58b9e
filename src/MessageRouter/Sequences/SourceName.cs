using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MessageRouter.Json;

namespace MessageRouter.Sequences;

/// <summary>
/// The name of a message's source: the texts of what tells sources apart, in memory that is used again for each message. A long one is its hash, so that what a
/// source is remembered by has a bound.
/// </summary>
/// <param name="keys">What tells sources apart.</param>
internal sealed class SourceName(MessageKey[] keys)
{
    private const int Longest = 128;

    private readonly ArrayBufferWriter<byte> _name = new();
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];

    /// <summary>The name, until the next call.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> payload, MessageFormat format, MessagePeer? peer)
    {
        _name.ResetWrittenCount();
        foreach (var key in keys)
        {
            if (key.Peer is { } property) Add(property.Of(peer));
            else if (format == MessageFormat.Json && JsonField.TryFind(payload, key.Field!, out var value)) Add(payload, value);
            else Add((string?)null);
        }
        var name = _name.WrittenSpan;
        if (name.Length <= Longest) return name;
        SHA256.HashData(name, _hash);
        return _hash;
    }

    /// <summary>The text, so that a value is the same however it is escaped.</summary>
    private void Add(ReadOnlySpan<byte> payload, JsonSlice value)
    {
        var raw = value.Raw(payload);
        if (value.Kind != System.Text.Json.JsonTokenType.String) Add(raw);
        else if (raw.Contains((byte)'\\')) Add(value.GetText(payload));
        else Add(raw[1..^1]);
    }

    private void Add(string? text)
    {
        if (text is null)
        {
            Begin(-1);
            return;
        }
        Begin(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _name);
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        Begin(text.Length);
        _name.Write(text);
    }

    /// <summary>With its length before it, no text can be taken for two; nothing is -1 long.</summary>
    private void Begin(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_name.GetSpan(sizeof(int)), length);
        _name.Advance(sizeof(int));
    }
}
