using System.Text;
using System.Text.Json;
using MessageRouter.Json;

namespace MessageRouter;

/// <summary>A number for what messages are told apart by: one for all with the same value, compared as text, and one for all that have none.</summary>
internal static class KeyHash
{
    private const ulong OfNothing = 14695981039346656037;

    public static ulong Of(MessageKey key, Message message)
    {
        if (key.Peer is { } property) return Of(property, message.Peer);
        try
        {
            return message.TryFindField(key.Field!, out var value) ? Of(value, message.Payload.Span) : OfNothing;
        }
        catch (Exception)
        {
            // A body that cannot be written has no fields; the filter or the output will say what is wrong with it.
            return OfNothing;
        }
    }

    /// <summary>Of the message at <paramref name="index"/>, which is not made where it is nothing but a payload.</summary>
    public static ulong Of(MessageKey key, MessageBatch batch, int index)
    {
        if (batch.PlainDetails is not { } details) return Of(key, batch[index]);
        if (key.Peer is { } property) return Of(property, details.Peer);
        var payload = batch.PayloadAt(index);
        return details.Format == MessageFormat.Json && JsonField.TryFind(payload, key.Field!, out var value) ? Of(value, payload) : OfNothing;
    }

    public static ulong Of(PeerProperty property, MessagePeer? peer) => property.Of(peer) is { } text ? Of(text) : OfNothing;

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The end of SplitMix64: every bit of the number moves every bit of the result, and no two numbers have the same one.</summary>
    public static ulong Mixed(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    /// <remarks>The text, so that a value has one hash however it is escaped.</remarks>
    private static ulong Of(JsonSlice value, ReadOnlySpan<byte> document)
    {
        var raw = value.Raw(document);
        if (value.Kind != JsonTokenType.String) return Of(raw);
        return raw.Contains((byte)'\\') ? Of(value.GetText(document)) : Of(raw[1..^1]);
    }

    // FNV-1a: fast for short values, which keys are.
    private static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = OfNothing;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211;
        return Mixed(hash);
    }
}
