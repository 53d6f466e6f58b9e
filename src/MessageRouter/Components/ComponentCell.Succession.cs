using Akka.Actor;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;

namespace MessageRouter.Components;

/// <content>What a reload does: one cell goes on with what another one has.</content>
internal sealed partial class ComponentCell
{
    /// <summary>What it has taken the place of has finished: it works from now on.</summary>
    public void BeginWork()
    {
        Former = null;
        FormerOptions = null;
        Mailbox.OutlivesActor = false;
        Mailbox.Resume(PauseReasons.Handover);
    }

    /// <summary>It does not work, as one that its supervision has stopped: it holds nobody up, and what is sent to it is counted as that. Its actor has ended, is left behind, or was never there.</summary>
    /// <param name="problem">Why; null where that is known from what it has taken the place of.</param>
    public void GiveUp(string? problem)
    {
        if (problem is not null) LastError = problem;
        StoppedByFailure = true;
        foreach (var copy in Pool?.Copies ?? []) copy.State = PoolCopyState.Stopped;
        Mailbox.Close();
        HandleEnded();
    }

    /// <summary>Goes on with the edges that end at what it takes the place of; not with the door of an input, which has one of its own.</summary>
    public void TakeSources(ComponentCell former)
    {
        Edge[] taken = [.. former.Sources.Where(edge => edge.From.Length > 0)];
        lock (_addingSource) _sources = [.. _sources, .. taken];
        lock (former._addingSource) former._sources = [.. former._sources.Except(taken)];
        foreach (var edge in taken) edge.Redirect(Mailbox);
    }

    /// <summary>
    /// Goes on with what another cell of the component has counted, and with what its edges keep. Its actor has ended, or is left behind.
    /// </summary>
    /// <param name="former">The other one.</param>
    /// <param name="targets">Where edges may lead to.</param>
    public void Inherit(ComponentCell former, IReadOnlyList<ComponentCell> targets)
    {
        foreach (var edge in former.Senders.SelectMany(sender => sender.Outbox.AllEdges))
        {
            edge.SetConnected(false);
            var heir = Senders.SelectMany(sender => sender.Outbox.AllEdges).FirstOrDefault(own => own.Target == edge.Target)
                ?? targets.SelectMany(target => target.Sources).FirstOrDefault(other => other != edge && other.From == edge.From && other.Target == edge.Target);
            if (heir is null) continue;
            edge.MergeInto(heir);
            foreach (var target in targets) target.RemoveSource(edge);
        }
        foreach (var edge in former.Senders.Append(former).Select(sender => sender.ErrorEdge).OfType<Edge>().Distinct())
        {
            edge.MergeInto(ErrorEdge!);
            foreach (var target in targets) target.RemoveSource(edge);
        }
        foreach (var copy in former.Pool?.Counts ?? []) Counts.Add(copy);
        former.Pool = null;
    }

    /// <summary>Its mailbox, and those of its copies, have other bounds.</summary>
    public void Resize(MailboxOptions bounds)
    {
        Mailbox.Resize(_isCopy ? Math.Min(CopyCapacity, bounds.Capacity) : bounds.Capacity, bounds.MaxBytes);
        foreach (var copy in Pool?.Copies ?? []) copy.Cell.Mailbox.Resize(Math.Min(CopyCapacity, bounds.Capacity), copy.Cell.Mailbox.MaxBytes);
        if (Pool is { } pool) pool.MaxBytes = bounds.MaxBytes;
        if (Intake is { } intake) intake.Edge.Overflow = DoorPolicy(Definition);
    }

    /// <summary>It has never belonged to the node: nobody knows of its edges.</summary>
    public void Disconnect(IEnumerable<ComponentCell> targets)
    {
        List<Edge> own = [.. Senders.SelectMany(sender => sender.Outbox.AllEdges), .. Senders.Append(this).Select(sender => sender.ErrorEdge).OfType<Edge>()];
        foreach (var target in targets)
            foreach (var edge in own) target.RemoveSource(edge);
    }

    /// <summary>It belongs to the node no more: only its counts stay, so that a plug-in of which it was can be unloaded.</summary>
    public void Forget()
    {
        foreach (var copy in Pool?.Counts ?? []) Counts.Add(copy);

        // What became of what its peers were given is told until the end.
        var peers = Pool is null ? Workers?.Invoke() : null;
        Pool = null;
        Workers = peers is null ? null : () => peers;
        Connections = null;
        Kept = null;
        Actor = ActorRefs.Nobody;
        Definition = new ComponentDefinition
        {
            Role = Definition.Role,
            Name = Definition.Name,
            Type = new ComponentType { Role = Definition.Role, Name = Definition.Type.Name, ActorType = typeof(ComponentActor) },
            Mailbox = Definition.Mailbox,
            Supervision = Definition.Supervision,
        };
    }

    /// <summary>Itself or, of a pool, its copies.</summary>
    private IEnumerable<ComponentCell> Senders => Pool?.Copies.Select(copy => copy.Cell) ?? [this];

    /// <summary>An edge has gone up in another one.</summary>
    public void RemoveSource(Edge edge)
    {
        lock (_addingSource) _sources = [.. _sources.Where(source => source != edge)];
    }
}
