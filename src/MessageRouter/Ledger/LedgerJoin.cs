using System.Globalization;

namespace MessageRouter.Ledger;

/// <summary>
/// The ledgers of many nodes, several runs of a node among them, as one: every link between two of them must add up, and every node by itself. Where a ledger is missing, what it would have
/// said is named as unknown. Nodes that run cannot be read at one moment: they are looked at twice, one look after the other, and what receivers had at the first is held against what senders
/// had at the second.
/// </summary>
internal sealed class LedgerJoin
{
    private readonly Dictionary<string, LedgerSnapshot> _byEpoch;
    private readonly IReadOnlyList<LedgerSnapshot> _lookBefore;
    private readonly Dictionary<string, LedgerSnapshot> _before;
    private readonly bool _isLive;

    /// <summary>Joins ledgers of nodes that have ended.</summary>
    /// <exception cref="ArgumentException">Two of them are of the same run.</exception>
    public LedgerJoin(IReadOnlyList<LedgerSnapshot> ledgers)
        : this([ledgers], isLive: false)
    {
    }

    private LedgerJoin(IReadOnlyList<IReadOnlyList<LedgerSnapshot>> looks, bool isLive)
    {
        _isLive = isLive;
        Ledgers = looks[^1];
        _lookBefore = isLive ? looks[^2] : Ledgers;
        (_byEpoch, _before) = (ByEpoch(Ledgers), ByEpoch(_lookBefore));

        // While messages go on, counters that are read one after the other do not fit: only what does not go away is a problem.
        NodeProblems = [.. Ledgers.SelectMany(Problems).Where(problem => looks.SkipLast(1).All(look => look.Where(ledger => ledger.Epoch == problem.Item1.Epoch).SelectMany(Problems).Any(other => other.Item2 == problem.Item2)))];
        Links = [.. SentLinks().Concat(ReceivedLinks())];
    }

    /// <summary>Joins the ledgers of nodes that run.</summary>
    /// <param name="looks">What they counted at two moments or more, each after the one before, of the same runs of the same nodes.</param>
    public static LedgerJoin OfLive(IReadOnlyList<IReadOnlyList<LedgerSnapshot>> looks) => new(looks, isLive: true);

    public IReadOnlyList<LedgerSnapshot> Ledgers { get; }

    public IReadOnlyList<JoinedLink> Links { get; }

    /// <summary>What does not add up within a node.</summary>
    public IReadOnlyList<(LedgerSnapshot Ledger, string Problem)> NodeProblems { get; }

    /// <summary>Whether nothing contradicts.</summary>
    public bool AddsUp => NodeProblems.Count == 0 && Links.All(link => link.Problems.Count == 0);

    /// <summary>Whether nothing is unknown.</summary>
    public bool IsComplete => Links.All(link => link.Unknown is null);

    private static Dictionary<string, LedgerSnapshot> ByEpoch(IReadOnlyList<LedgerSnapshot> ledgers)
    {
        var byEpoch = new Dictionary<string, LedgerSnapshot>();
        foreach (var ledger in ledgers.Where(ledger => ledger.Epoch.Length > 0))
        {
            if (!byEpoch.TryAdd(ledger.Epoch, ledger)) throw new ArgumentException($"Two of them are of the same run of {ledger.Node}, {ledger.Epoch}.", nameof(ledgers));
        }
        return byEpoch;
    }

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
            if (line.Answered is { } answered)
            {
                yield return CheckedAnswers(link, line, answered);
                continue;
            }
            if (!_before.TryGetValue(link.To.Epoch, out var other))
            {
                yield return link with { Unknown = $"there is no ledger of {link.To}: what it received is not known" };
                continue;
            }
            var known = ReceiverOf(link, _before);
            if (known is not null) yield return Checked(link with { Receiver = known, Received = known.Received, IsOpen = IsOpen(link, known) });
            else if (line.Sent > 0 && KeptInSums.Of(UpstreamOf(other, link.To.Component)) is { Messages: not null } sums) yield return link with { Unknown = sums.Why(link.To) };
            else yield return link with { Received = 0, IsOpen = IsOpen(link, null) };
        }
    }

    /// <summary>Those of which only the receiver tells.</summary>
    private IEnumerable<JoinedLink> ReceivedLinks()
    {
        foreach (var (ledger, component, line) in from ledger in _lookBefore from component in ledger.Components from line in component.Upstream ?? [] select (ledger, component, line))
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
                var end = link.IsAnswered ? "what it gave that has not come is not known" : line.State == "finished" ? "its last word is all that is known of it" : $"it {(line.State == "left" ? "was left before its last word" : "ended without a last word")}, and what it sent last is not known";
                yield return link with { Unknown = $"there is no ledger of {link.From}: {end}" };
                continue;
            }
            var downstream = DownstreamOf(other, link.From.Component);
            if (downstream.Any(down => (down.Epoch, down.Component, down.Account) == (link.To.Epoch, link.To.Component, line.Account))) continue;
            if (KeptInSums.Of(downstream) is { Messages: not null } sums) yield return link with { Unknown = sums.Why(link.From) };
            else if (line.Received > 0) yield return link with { Problems = [.. link.Problems, $"{Messages(line.Received)} came, of which the sender knows nothing"] };
        }
    }

    /// <summary>Whether what was sent may still come: a link has ended when both ends say so, and nothing has moved between two looks.</summary>
    private bool IsOpen(JoinedLink link, UpstreamLine? receiver) =>
        _isLive && (link.Sender!.State == "connected" || receiver?.State == "connected" || SenderOf(link, _before)?.Sent != link.Sender.Sent);

    /// <remarks>What a receiver has answered for has come, also where it is away.</remarks>
    private JoinedLink CheckedAnswers(JoinedLink link, DownstreamLine sent, long answered)
    {
        var (got, returned) = (ReceiverOf(link, _before), sent.Returned ?? 0);
        var problems = new List<string>();
        string? unknown = null;
        if (answered + returned > sent.Sent) problems.Add($"{Messages(answered)} were answered for and {Messages(returned)} came back of {Messages(sent.Sent)} that were given");
        if (got?.Received - sent.Sent is > 0 and var more)
        {
            var sums = KeptInSums.Of(DownstreamOf(_byEpoch[link.From.Epoch], link.From.Component));
            if (more <= sums.Messages) unknown = sums.Why(link.From, isPart: true);
            else problems.Add($"{Messages(got!.Received)} came, and {Messages(sent.Sent)} were given");
        }
        if (ReceiverOf(link, _byEpoch) is { } later && SenderOf(link, _before)?.Answered - later.Received is > 0 and var missing
            && !(missing <= KeptInSums.Of(UpstreamOf(_byEpoch[link.To.Epoch], link.To.Component)).Messages))
            problems.Add($"{Messages(missing + later.Received)} were answered for, and {Messages(later.Received)} came");
        return link with { Receiver = got, Received = unknown is null ? Math.Max(got?.Received ?? 0, answered) : null, Problems = problems, Unknown = unknown };
    }

    private static UpstreamLine? ReceiverOf(JoinedLink link, Dictionary<string, LedgerSnapshot> ledgers) => ledgers.TryGetValue(link.To.Epoch, out var ledger)
        ? UpstreamOf(ledger, link.To.Component).FirstOrDefault(up => (up.Epoch, up.Component, up.Account) == (link.From.Epoch, link.From.Component, link.Sender!.Account))
        : null;

    private static DownstreamLine? SenderOf(JoinedLink link, Dictionary<string, LedgerSnapshot> ledgers) => !ledgers.TryGetValue(link.From.Epoch, out var ledger) ? null : DownstreamOf(ledger, link.From.Component)
        .FirstOrDefault(down => (down.Epoch, down.Component, down.Account) == (link.To.Epoch, link.To.Component, link.Sender!.Account));

    private static JoinedLink Checked(JoinedLink link)
    {
        var (sent, got) = (link.Sender!, link.Receiver!);
        var problems = new List<string>();
        if (got.Contradiction is { } contradiction) problems.Add(contradiction);
        var rest = sent.Sent - got.Sent;
        if (rest < 0) problems.Add($"the receiver knows of {Messages(-rest)} more than were sent");
        if (got.Received + got.LostInTransit > sent.Sent) problems.Add($"{Messages(got.Received)} came and {Messages(got.LostInTransit)} got lost of {Messages(sent.Sent)} that were sent");
        if (rest > 0 && !link.IsOpen && sent.State == "finished" && got.State == "finished") problems.Add($"the sender's last word is {Messages(sent.Sent)}, and {Messages(got.Sent)} is what was heard");
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

    private static List<DownstreamLine> DownstreamOf(LedgerSnapshot ledger, string component) =>
        [.. ledger.Components.Where(sender => sender.Name == component).SelectMany(sender => sender.Downstream ?? [])];

    private static string Messages(long count) => count == 1 ? "1 message" : string.Create(CultureInfo.InvariantCulture, $"{count} messages");
}
