using System.Globalization;
using MessageRouter.Links;

namespace MessageRouter.Ledger;

/// <summary>
/// What a component's lines keep only as a sum of several peers, though these say who they are: of those that have been gone for longest, and of those for which there was no room while all others were connected. A line may
/// have been made when there was room again, and the rest be in the sum.
/// </summary>
/// <param name="Messages">How many there are in such sums; null where there is none.</param>
/// <param name="IsFull">Whether there was no room for some.</param>
internal readonly record struct KeptInSums(long? Messages, bool IsFull)
{
    public static KeptInSums Of(IEnumerable<DownstreamLine> lines) => Of(lines, line => (line.State, line.Node, line.Sent));

    public static KeptInSums Of(IEnumerable<UpstreamLine> lines) => Of(lines, line => (line.State, line.Node, line.Received));

    /// <summary>Why it is not known what of a link went where.</summary>
    /// <param name="end">Whose lines they are.</param>
    /// <param name="isPart">Whether there is a line of the link, so that only a part is in a sum.</param>
    public string Why(LedgerEnd end, bool isPart = false) =>
        $"{end} {(IsFull ? string.Create(CultureInfo.InvariantCulture, $"has had more than {AnsweredLinks.MostAccounts} at the other end, and ") : "")}keeps {(isPart ? "some of it only in" : "of it only")} a sum with others";

    /// <remarks>Those that do not say who they are share a line with those for which there is no room: it tells of these only where there are as many lines as there may be.</remarks>
    private static KeptInSums Of<T>(IEnumerable<T> lines, Func<T, (string State, string? Node, long Messages)> read)
    {
        var all = lines.Select(read).ToList();
        var isFull = all.Count(line => line.Node is not null) >= AnsweredLinks.MostAccounts && all.Exists(line => line.State == "others");
        var sums = all.FindAll(line => line.State == "earlier" || (isFull && line.State == "others"));
        return new KeptInSums(sums.Count == 0 ? null : sums.Sum(line => line.Messages), isFull);
    }
}
