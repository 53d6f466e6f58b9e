namespace MessageRouter.Ledger;

/// <summary>What a component has found in the sequences of numbers that applications write into their messages, over all their sources.</summary>
public sealed record GapLine
{
    /// <summary>Numbers that never came, and will not be waited for any more.</summary>
    public long Lost { get; init; }

    /// <summary>Numbers that have not come and still may; at the end none.</summary>
    public long Missing { get; init; }

    /// <summary>Messages whose number had come before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Messages whose number came after a higher one.</summary>
    public long Reordered { get; init; }

    /// <summary>How often a source has begun again.</summary>
    public long Restarts { get; init; }

    /// <summary>Messages without a number.</summary>
    public long Unnumbered { get; init; }

    /// <summary>Sources that are remembered.</summary>
    public long Sources { get; init; }

    /// <summary>Sources that are not, to make room for others: what they send is taken for a new one's.</summary>
    public long Forgotten { get; init; }

    internal static GapLine? Of(IEnumerable<GapCounts> all)
    {
        var sum = new GapCounts();
        var any = false;
        foreach (var counts in all)
        {
            sum.Add(counts);
            any = true;
        }
        return !any ? null : new GapLine
        {
            Lost = sum.Lost.Value,
            Missing = sum.Missing.Value,
            Duplicates = sum.Duplicates.Value,
            Reordered = sum.Reordered.Value,
            Restarts = sum.Restarts.Value,
            Unnumbered = sum.Unnumbered.Value,
            Sources = sum.Sources.Value,
            Forgotten = sum.Forgotten.Value,
        };
    }

    /// <summary>What there is of it, for people: <c>3 lost, 1 restarts</c>.</summary>
    public override string ToString()
    {
        (string Name, long Count)[] all =
            [("lost", Lost), ("missing", Missing), ("duplicates", Duplicates), ("reordered", Reordered), ("restarts", Restarts), ("unnumbered", Unnumbered), ("forgotten", Forgotten)];
        var found = all.Where(count => count.Count > 0).Select(count => FormattableString.Invariant($"{count.Count} {count.Name}")).ToList();
        return found.Count == 0 ? "none" : string.Join(", ", found);
    }
}
