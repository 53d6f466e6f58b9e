using System.Globalization;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Trials;

/// <summary>Says what a node's mailboxes do when they are full, and who waits then for whom.</summary>
internal sealed class Outlook
{
    private readonly Topology _topology;
    private readonly Dictionary<string, ComponentCell> _byName;

    public Outlook(NodeDefinition definition)
    {
        _topology = new Topology(definition, NullLoggerFactory.Instance, TimeProvider.System);
        _byName = _topology.All.ToDictionary(cell => cell.Name);
    }

    /// <param name="component">Whose mailbox it is.</param>
    /// <param name="from">Who sends to it; null for the outside, or any.</param>
    public MailboxOutlook Of(string component, string? from)
    {
        var cell = _byName[component];
        var policy = from is not null ? PolicyBetween(_byName[from], cell)
            : cell.Intake is { } intake ? intake.Edge.Overflow
            : cell.Sources.Count > 0 ? cell.Sources[0].Overflow : cell.Definition.Mailbox.Overflow ?? Overflow.DropNewest;
        IReadOnlyList<string>? heldUp = null;
        var text = policy switch
        {
            Overflow.DropNewest => $"what comes then is dropped, counted as {DropReasons.MailboxFull}",
            Overflow.DropOldest => $"the oldest that waits is dropped then, counted as {DropReasons.Evicted}",
            _ => Waiting(cell, from is null ? null : _byName[from], out heldUp),
        };
        var mailbox = cell.Definition.Mailbox;
        var full = string.Create(CultureInfo.InvariantCulture, $"full at {mailbox.Capacity} messages or {SizeText.Of(mailbox.MaxBytes)}: {text}");
        return new MailboxOutlook(Name(policy), mailbox.Capacity, mailbox.MaxBytes, full, heldUp);
    }

    private string Waiting(ComponentCell cell, ComponentCell? from, out IReadOnlyList<string>? heldUp)
    {
        heldUp = null;
        if (cell.Intake is not null) return "it stops reading then";
        var held = new List<string>();
        var told = new List<string>();
        var open = new Queue<ComponentCell>(from is not null ? [from] : _topology.Feeders[cell]);
        while (open.TryDequeue(out var next))
        {
            if (held.Contains(next.Name)) continue;
            held.Add(next.Name);
            told.Add(next.Name + Consequence(next));
            foreach (var feeder in _topology.Feeders[next].Where(feeder => PolicyBetween(feeder, next) == Overflow.Wait)) open.Enqueue(feeder);
        }
        heldUp = held;
        return $"it holds up {string.Join(", then ", told)}";
    }

    /// <summary>What becomes of messages that go on coming to one that waits; nothing is said where who sends them waits in turn.</summary>
    private string Consequence(ComponentCell held) =>
        held.Intake is { } intake ? (intake.Edge.Overflow == Overflow.Wait ? ", which stops reading" : ", which drops what comes in")
        : _topology.Feeders[held].Any(feeder => PolicyBetween(feeder, held) != Overflow.Wait) ? ", which drops messages for want of room" : "";

    /// <remarks>Copies of a pool have edges of their own, all alike.</remarks>
    private static Overflow PolicyBetween(ComponentCell from, ComponentCell to)
    {
        var outbox = from.Pool is { } pool ? pool.Copies[0].Cell.Outbox : from.Outbox;
        return outbox.Edges.FirstOrDefault(edge => edge.Target == to.Mailbox)?.Overflow ?? Overflow.DropNewest;
    }

    private static string Name(Overflow overflow) => overflow switch
    {
        Overflow.DropNewest => "drop-newest",
        Overflow.DropOldest => "drop-oldest",
        _ => "wait",
    };
}
