using System.Text.Json;
using MessageRouter.Distribution;

namespace MessageRouter.Clustering;

/// <summary>Whose the keys of a stream are: a key's hash is in a slot, and each slot belongs to one taker, or to nobody while it changes hands.</summary>
/// <param name="Epoch">Which of the stream's tables it is: the one with the higher number is the newer one.</param>
/// <param name="Stream">The stream's name.</param>
/// <param name="Key">What messages are told apart by, as it is written.</param>
/// <param name="Delivery">How the stream is fed.</param>
/// <param name="Takers">The endpoints of those who have slots.</param>
/// <param name="Slots">For each slot the place of its owner among these; <see cref="Nobody"/> while it has none.</param>
/// <param name="Feeders">Those who feed by it, each by a number of its own; nobody else does.</param>
internal sealed record SlotTable(long Epoch, string Stream, string Key, DeliveryMode Delivery, IReadOnlyList<string> Takers, IReadOnlyList<int> Slots, IReadOnlyList<long> Feeders) : IAgreement<SlotTable>
{
    /// <summary>The number of slots.</summary>
    public const int Count = 1024;

    /// <summary>In place of an owner.</summary>
    public const int Nobody = -1;

    /// <summary>The table of a stream that nobody has fed by key.</summary>
    public static SlotTable Of(string stream, string key, DeliveryMode delivery) => new(0, stream, key, delivery, [], [.. Enumerable.Repeat(Nobody, Count)], []);

    /// <summary>How many slots are nobody's.</summary>
    public int Held => Slots.Count(owner => owner == Nobody);

    /// <summary>The slot of a key's hash.</summary>
    public static int Of(ulong hash) => (int)(hash % Count);

    /// <summary>The endpoint of a slot's owner; null while it has none.</summary>
    public string? OwnerOf(int slot) => Slots[slot] is var owner && owner == Nobody ? null : Takers[owner];

    /// <summary>Whether a slot is nobody's that was somebody's in an earlier table.</summary>
    public bool TakesFrom(SlotTable earlier) => Slots.Zip(earlier.Slots).Any(slot => slot.First == Nobody && slot.Second != Nobody);

    string IAgreement<SlotTable>.Name => Stream;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SlotTable? FromJson(string json) => ToldJson.Read<SlotTable>(json, table =>
        table is { Stream: not null, Key: not null, Takers: not null, Slots.Count: Count, Feeders: not null } && table.Slots.All(owner => owner >= Nobody && owner < table.Takers.Count));
}
