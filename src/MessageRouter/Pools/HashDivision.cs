using System.Text;
using MessageRouter.Json;
using MessageRouter.Mailboxes;

namespace MessageRouter.Pools;

/// <summary>
/// Messages with the same value in a field, or of the same peer, go to the same copy. The value's hash picks a slot, and each slot belongs to
/// the copy that weighs most in it, so that when a copy goes or comes only its own slots change hands.
/// </summary>
internal sealed class HashDivision(MessageKey key) : Division
{
    private const int Slots = 4096;
    private const ulong HashOfNothing = 14695981039346656037;

    private PoolCopy[] _owners = [];
    private PoolCopy[] _nextOwners = [];
    private IReadOnlyList<PoolCopy> _nextCopies = [];

    public override IEnumerable<PoolCopy> Losing(IReadOnlyList<PoolCopy> copies)
    {
        Assign(copies);
        return _owners.Where((owner, slot) => owner != _nextOwners[slot]).Distinct();
    }

    public override void Use(IReadOnlyList<PoolCopy> copies)
    {
        base.Use(copies);
        Assign(copies);
        _owners = _nextOwners;
    }

    public override IEnumerable<Delivery> Divide(Delivery delivery, List<PoolCopy> full)
    {
        if (key.Peer is { } property && delivery.Batch.PlainDetails is { } details) return Place(_owners[HashOf(property, details.Peer) % Slots], delivery, full);

        var messages = delivery.Batch.Messages;
        var parts = new Dictionary<PoolCopy, List<Message>>();
        foreach (var message in messages)
        {
            var owner = _owners[HashOf(message) % Slots];
            if (!parts.TryGetValue(owner, out var part)) parts.Add(owner, part = []);
            part.Add(message);
        }

        var rest = new List<Delivery>();
        foreach (var (owner, part) in parts)
        {
            var batch = part.Count == messages.Length ? delivery.Batch : new MessageBatch([.. part], part.Count);
            rest.AddRange(Place(owner, delivery with { Batch = batch }, full));
        }
        return rest;
    }

    /// <returns>What the copy has no room for.</returns>
    private IReadOnlyList<Delivery> Place(PoolCopy owner, Delivery delivery, List<PoolCopy> full)
    {
        var given = Room(owner, delivery.Batch);
        if (given > 0) Give(owner, delivery with { Batch = delivery.Batch.Slice(0, given) });
        if (given == delivery.Batch.Count) return [];
        full.Add(owner);
        return [delivery.Skip(given)];
    }

    private void Assign(IReadOnlyList<PoolCopy> copies)
    {
        if (_nextCopies.SequenceEqual(copies)) return;
        _nextCopies = copies;
        _nextOwners = new PoolCopy[Slots];
        for (var slot = 0; slot < Slots; slot++) _nextOwners[slot] = copies.MaxBy(copy => Mixed(((ulong)slot << 32) | (uint)copy.Number))!;
    }

    private static ulong HashOf(PeerProperty property, MessagePeer? peer) => property.Of(peer) is { } text ? HashOf(Encoding.UTF8.GetBytes(text)) : HashOfNothing;

    private ulong HashOf(Message message)
    {
        if (key.Peer is { } property) return HashOf(property, message.Peer);
        try
        {
            return message.TryFindField(key.Field!, out var value) ? HashOf(value, message.Payload.Span) : HashOfNothing;
        }
        catch (Exception)
        {
            // A body that cannot be written has no fields; the filter or the output will say what is wrong with it.
            return HashOfNothing;
        }
    }

    /// <remarks>The text, so that a value has one hash however it is escaped.</remarks>
    private static ulong HashOf(JsonSlice value, ReadOnlySpan<byte> document)
    {
        var raw = value.Raw(document);
        if (value.Kind != System.Text.Json.JsonTokenType.String) return HashOf(raw);
        return raw.Contains((byte)'\\') ? HashOf(Encoding.UTF8.GetBytes(value.GetText(document))) : HashOf(raw[1..^1]);
    }

    // FNV-1a: fast for short values, which keys are.
    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = HashOfNothing;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211;
        return Mixed(hash);
    }

    /// <summary>The end of SplitMix64: every bit of the number moves every bit of the result.</summary>
    private static ulong Mixed(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
