using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Trials;

/// <summary>One component of a trial with its actor: of a pool these and all of its copies.</summary>
internal sealed class TrialUnit(ComponentCell cell, IActorRef actor)
{
    /// <summary>How long an actor may be at something before it is looked whether the time is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public ComponentCell Cell => cell;

    /// <summary>Whether it may send when it likes.</summary>
    public bool Emits => cell.Definition.Type.ActorType.IsAssignableTo(typeof(EmittingFilterActor));

    /// <summary>Whether it waits for work that is done elsewhere.</summary>
    public bool IsAsync => cell.Definition.Type.IsAsync;

    /// <summary>Whether nothing is about to move unless a time comes or work elsewhere is done.</summary>
    public bool IsAtRest => Cells.All(one => !one.Mailbox.HasMessages && one.BusySince is null);

    /// <summary>Whether its supervision has ended it, or a copy.</summary>
    public bool IsStopped => Cells.Any(one => one.StoppedByFailure);

    /// <summary>Messages that are not dealt with; under the books each is in one count or another.</summary>
    public long Queued
    {
        get
        {
            var sum = 0L;
            foreach (var one in Cells)
            {
                lock (one.Books) sum += one.Mailbox.Queued + one.Counts.Held.Value;
            }
            return sum;
        }
    }

    public long Outs => Cells.Sum(one => one.Counts.Out.Value);

    public long Restarts => Cells.Sum(one => one.Counts.Restarts.Value);

    /// <summary>A number that changes when a message moves.</summary>
    public long Moves => Cells.Sum(one => one.Counts.In.Value + one.Counts.Created.Value + one.Counts.Out.Value + one.Counts.Filtered.Value + one.Counts.Failed.Value + one.Counts.Restarts.Value);

    /// <summary>How many messages each copy was given; of what is no pool nothing.</summary>
    public IReadOnlyList<long> Given => [.. Copies.Select(copy => copy.Cell.Counts.In.Value)];

    /// <returns>Why it could not be started; null where it could.</returns>
    public async Task<string?> StartedAsync(TimeSpan limit)
    {
        try
        {
            await cell.Started.Task.WaitAsync(limit);
            foreach (var copy in Copies) await copy.Cell.Started.Task.WaitAsync(limit);
            return null;
        }
        catch (Exception exception)
        {
            return exception is TimeoutException ? "it does not open in time" : exception.Message;
        }
    }

    /// <summary>Whether its actors have handled what they were told up to now.</summary>
    public async Task<bool> HasHandledAsync()
    {
        foreach (var (each, one) in Actors)
        {
            if (each.HasEnded || one.IsNobody()) continue;
            try
            {
                await one.Ask<ActorIdentity>(new Identify(1), Patience);
            }
            catch (AskTimeoutException)
            {
                if (!each.HasEnded) return false;
            }
        }
        return true;
    }

    /// <summary>What the filter says of a message, or each of its copies.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Reason>>> ReasonsAsync(Message message)
    {
        if (!cell.Definition.Type.ActorType.IsAssignableTo(typeof(IExplains)) || cell.Definition.Role != ComponentRole.Filter) return [];
        return await Task.WhenAll((cell.Pool is null ? [actor] : Copies.Select(copy => copy.Actor)).Select(async one =>
        {
            try
            {
                return (await one.Ask<FilterBase.Reasons>(new FilterBase.AskWhy(message), Patience)).All;
            }
            catch (AskTimeoutException)
            {
                return [new Reason("why is not known: it does not answer")];
            }
        }));
    }

    private IEnumerable<Pools.PoolCopy> Copies => cell.Pool?.Copies ?? [];

    private IEnumerable<ComponentCell> Cells => Copies.Select(copy => copy.Cell).Prepend(cell);

    private IEnumerable<(ComponentCell Cell, IActorRef Actor)> Actors => Copies.Select(copy => (copy.Cell, copy.Actor)).Prepend((cell, actor));
}
