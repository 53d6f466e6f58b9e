using System.Globalization;

namespace MessageRouter.Ledger;

/// <summary>
/// The ledgers of many nodes, several runs of a node among them, as one: every link between two of them must add up, and every node by itself. Where a ledger is missing, what it would have
/// said is named as unknown.
/// </summary>
internal sealed class LedgerJoin
{
    private readonly Dictionary<string, LedgerSnapshot> _byEpoch = [];

    /// <exception cref="ArgumentException">Two of them are of the same run.</exception>
    public LedgerJoin(IReadOnlyList<LedgerSnapshot> ledgers)
    {
        Ledgers = ledgers;
        foreach (var ledger in ledgers.Where(ledger => ledger.Epoch.Length > 0))
        {
            if (!_byEpoch.TryAdd(ledger.Epoch, ledger)) throw new ArgumentException($"Two of them are of the same run of {ledger.Node}, {ledger.Epoch}.", nameof(ledgers));
        }
        NodeProblems = [.. ledgers.SelectMany(Problems)];
        Links = [.. SentLinks().Concat(ReceivedLinks())];
    }

    public IReadOnlyList<LedgerSnapshot> Ledgers { get; }

    public IReadOnlyList<JoinedLink> Links { get; }

    /// <summary>What does not add up within a node.</summary>
    public IReadOnlyList<(LedgerSnapshot Ledger, string Problem)> NodeProblems { get; }

    /// <summary>Whether nothing contradicts.</summary>
    public bool AddsUp => NodeProblems.Count == 0 && Links.All(link => link.Problems.Count == 0);

    /// <summary>Whether nothing is unknown.</summary>
    public bool IsComplete => Links.All(link => link.Unknown is null);

    private static IEnumerable<(LedgerSnapshot, string)> Problems(LedgerSnapshot ledger)
    {
        var imbalances = LedgerTable.Imbalances(ledger).ToList();
        foreach (var imbalance in imbalances) yield return (ledger, imbalance);
        if (imbalances.Count == 0 && !ledger.Balanced) yield return (ledger, "says itself that it does not balance");
        foreach (var component in ledger.Components)
        {
            if (component.Upstream is { } upstream)
            {
                // What is too large, or has no room, is refused while it comes: it is offered to the component all the same.
                var came = upstream.Sum(line => line.Received - (line.NotWanted ?? 0));
                var refused = component.Dropped.GetValueOrDefault(DropReasons.TooLarge) + component.Dropped.GetValueOrDefault(DropReasons.Memory);
                if (component.In < came || component.In > came + refused) yield return (ledger, $"{component.Name} counts {Messages(component.In)}, and {Messages(came)} came over its connections");
            }
            if (component.Downstream?.Sum(line => line.Sent) is { } sent && sent < component.Out)
                yield return (ledger, $"{component.Name} counts {Messages(component.Out)} as delivered, and {Messages(sent)} were written to its connections");
        }
    }

    private IEnumerable<JoinedLink> SentLinks()
    {
        foreach (var (ledger, component, line) in from ledger in Ledgers from component in ledger.Components from line in component.Downstream ?? [] select (ledger, component, line))
        {
            if (line.Node is null) continue;
            var link = new JoinedLink(new LedgerEnd(ledger.Node, ledger.Epoch, component.Name), new LedgerEnd(line.Node, line.Epoch!, line.Component!), line.Account ?? 0) { Sender = line };
            if (!_byEpoch.TryGetValue(link.To.Epoch, out var other))
            {
                yield return link with { Unknown = $"there is no ledger of {link.To}: what it received is not known" };
                continue;
            }
            var upstream = UpstreamOf(other, link.To.Component);
            var known = upstream.FirstOrDefault(up => (up.Epoch, up.Component, up.Account) == (link.From.Epoch, link.From.Component, line.Account));
            if (known is not null) yield return Checked(link with { Receiver = known, Received = known.Received });
            else if (line.Sent > 0 && upstream.Any(up => up.State == "earlier")) yield return link with { Unknown = $"{link.To} keeps of it only a sum with others" };
            else yield return link with { Received = 0 };
        }
    }

    /// <summary>Those of which only the receiver tells.</summary>
    private IEnumerable<JoinedLink> ReceivedLinks()
    {
        foreach (var (ledger, component, line) in from ledger in Ledgers from component in ledger.Components from line in component.Upstream ?? [] select (ledger, component, line))
        {
            if (line.Node is null) continue;
            var link = new JoinedLink(new LedgerEnd(line.Node, line.Epoch!, line.Component!), new LedgerEnd(ledger.Node, ledger.Epoch, component.Name), line.Account ?? 0)
            {
                Receiver = line,
                Received = line.Received,
                Problems = line.Contradiction is { } contradiction ? [contradiction] : [],
            };
            if (!_byEpoch.TryGetValue(link.From.Epoch, out var other))
            {
                var end = line.State == "finished" ? "its last word is all that is known of it" : "it ended without a last word, and what it sent last is not known";
                yield return link with { Unknown = $"there is no ledger of {link.From}: {end}" };
                continue;
            }
            var downstream = other.Components.Where(sender => sender.Name == link.From.Component).SelectMany(sender => sender.Downstream ?? []).ToList();
            if (downstream.Any(down => (down.Epoch, down.Component, down.Account) == (link.To.Epoch, link.To.Component, line.Account))) continue;
            if (downstream.Any(down => down.State == "earlier")) yield return link with { Unknown = $"{link.From} keeps of it only a sum with others" };
            else yield return link with { Problems = [.. link.Problems, $"{Messages(line.Received)} came, of which the sender knows nothing"] };
        }
    }

    private static JoinedLink Checked(JoinedLink link)
    {
        var (sent, got) = (link.Sender!, link.Receiver!);
        var problems = new List<string>();
        if (got.Contradiction is { } contradiction) problems.Add(contradiction);
        var rest = sent.Sent - got.Sent;
        if (rest < 0) problems.Add($"the receiver knows of {Messages(-rest)} more than were sent");
        if (got.Received + got.LostInTransit > sent.Sent) problems.Add($"{Messages(got.Received)} came and {Messages(got.LostInTransit)} got lost of {Messages(sent.Sent)} that were sent");
        if (rest > 0 && sent.State == "finished" && got.State == "finished") problems.Add($"the sender's last word is {Messages(sent.Sent)}, and {Messages(got.Sent)} is what was heard");
        foreach (var (reason, count) in got.DroppedBySender)
        {
            var dropped = sent.Dropped.GetValueOrDefault(reason);
            if (count > dropped) problems.Add($"the receiver knows of {Messages(count)} dropped as {reason}, the sender of {Messages(dropped)}");
        }
        if (got.BeforeSubscribe > sent.BeforeSubscribe) problems.Add($"the receiver knows of {Messages(got.BeforeSubscribe)} before it subscribed, the sender of {Messages(sent.BeforeSubscribe)}");
        return link with { Problems = problems, Unknown = sent.Uncounted == true || got.Uncounted == true ? "for some time nobody counted what the receiver missed" : null };
    }

    private static List<UpstreamLine> UpstreamOf(LedgerSnapshot ledger, string component) =>
        [.. ledger.Components.Where(receiver => receiver.Name == component).SelectMany(receiver => receiver.Upstream ?? [])];

    private static string Messages(long count) => count == 1 ? "1 message" : string.Create(CultureInfo.InvariantCulture, $"{count} messages");
}
