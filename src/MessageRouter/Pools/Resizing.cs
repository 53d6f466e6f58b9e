using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Pools;

/// <summary>The requests for another size of one pool, dealt with one after the other.</summary>
internal sealed class Resizing(Pool pool, Action<int> start, Action<PoolCopy> release, ILogger logger)
{
    /// <summary>Copies that a log line names; a pool may have a thousand.</summary>
    private const int MostNamed = 5;

    private readonly Queue<Request> _waiting = new();
    private Request? _current;
    private int _before;
    private Exception? _failure;

    public Request Add(IActorRef asker, Resize resize, ComponentCell cell)
    {
        var request = new Request(asker, resize);
        _waiting.Enqueue(request);
        if (_current is null) Begin(cell);
        return request;
    }

    /// <summary>Says what a request waits for, where it is not done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="losing">Copies that have to let go of their messages before others get their keys.</param>
    public void Explain(Request request, IReadOnlyList<PoolCopy> losing)
    {
        if (_current is not { } current) return;
        if (request == current)
        {
            var copies = pool.Copies.Where(copy => !IsDone(copy) || losing.Contains(copy)).Select(copy => $"copy {copy.Number} ({copy.Obstacle()})").ToList();

            // Of what has just come about the pool hears at once.
            if (copies.Count == 0) return;
            var more = copies.Count - MostNamed;
            PoolLog.ResizeWaits(logger, _before, SizeOf(current), string.Join(", ", copies.Take(MostNamed)) + (more > 0 ? $", and {more} more" : ""));
        }
        else if (_waiting.Contains(request))
        {
            PoolLog.ResizeWaitsForAnother(logger, SizeOf(request), _before, SizeOf(current));
        }
    }

    /// <summary>Whether a copy that is not open yet had been stopped, and is started again.</summary>
    public bool IsStartedAgain(PoolCopy copy) => _current is { Resize.StartsAgain: true } && copy.Number <= _before;

    /// <summary>A new copy could not be started: the pool keeps the size that it had.</summary>
    public void Fail(PoolCopy copy)
    {
        if (_current is null || _failure is not null) return;
        _failure = new ComponentStartException(copy.Cell.Definition, copy.Cell.Started.Task.Exception?.InnerException ?? new OperationCanceledException("it was stopped while it started."));
        pool.Size = _before;
        ReleaseSurplus();
    }

    /// <summary>Answers the request that is done, and begins the next one.</summary>
    /// <param name="isSettled">Whether messages are divided among the copies that there are now.</param>
    /// <param name="cell">The pool's.</param>
    /// <returns>Whether it has begun another one.</returns>
    public bool Go(bool isSettled, ComponentCell cell)
    {
        if (_current is not { } current || !isSettled || !pool.Copies.All(IsDone)) return false;
        if (_failure is null && pool.Size != _before) PoolLog.Resized(logger, _before, pool.Size);
        current.Asker.Tell(_failure is null ? Resize.Done.Instance : new Status.Failure(_failure));
        Begin(cell);
        return _current is not null;
    }

    /// <summary>The pool ends.</summary>
    public void GiveUp(string name)
    {
        if (_current is not null) _waiting.Enqueue(_current);
        foreach (var request in _waiting) request.Asker.Tell(Ended(name));
    }

    private static Status.Failure Ended(string name) => new(new InvalidOperationException($"{name} is stopping and cannot be resized any more."));

    private bool IsDone(PoolCopy copy) =>
        copy.Number <= pool.Size ? copy.State != PoolCopyState.Starting : copy.State == PoolCopyState.Ended;

    private void Begin(ComponentCell cell)
    {
        _failure = null;
        _current = null;
        if (!_waiting.TryDequeue(out var next)) return;
        _current = next;
        _before = pool.Size;

        // What is still to be done by a pool that has no copies is done by one.
        if (cell.Draining && pool.Size > 0)
        {
            _failure = Ended(cell.Name).Cause;
            return;
        }
        pool.Size = next.Resize.Instances ?? _before;
        if (next.Resize.StartsAgain)
        {
            foreach (var copy in pool.Copies.Take(Math.Min(_before, pool.Size)).Where(copy => copy.State == PoolCopyState.Stopped)) start(copy.Number);
        }
        for (var number = _before + 1; number <= pool.Size; number++) start(number);
        ReleaseSurplus();
    }

    private void ReleaseSurplus()
    {
        foreach (var copy in pool.Copies.Skip(pool.Size)) release(copy);
    }

    private int SizeOf(Request request) => request.Resize.Instances ?? pool.Size;

    internal sealed record Request(IActorRef Asker, Resize Resize);
}
