using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Event;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// A filter that waits for something, such as a database or the network: it works on several messages at a time, at most
/// <c>concurrency</c> of its block (16) and never more bytes than its mailbox has room for, and they go on in the order in which they came unless the block has <c>ordered = false</c>.
/// </summary>
/// <remarks>
/// <para>
/// A failed message goes to the error chain, after further attempts where its block has <c>retry</c>. A restart by its
/// supervision cancels what is under way; those messages are given to the next instance again, in their order. So the work for
/// a message can be done twice. An outcome that comes after that, because the work does not heed its cancellation, is not used.
/// </para>
/// <para>A node that stops waits for what is under way, within its drain timeout, and cancels the rest.</para>
/// </remarks>
/// <example>
/// <code>
/// public sealed class LookUp : AsyncFilterActor
/// {
///     private readonly HttpClient _http = new();
///
///     protected override async Task&lt;Message?&gt; FilterAsync(Message message, CancellationToken cancellation)
///     {
///         var user = await _http.GetStringAsync($"https://users.example/{message["user"]}", cancellation);
///         return message.With("user", JToken.Parse(user));
///     }
/// }
/// </code>
/// </example>
public abstract class AsyncFilterActor : FilterBase
{
    private readonly AsyncOptions _options;
    private readonly IActorRef _self;
    private readonly CancellationTokenSource _ending = new();
    private readonly LinkedList<Work> _underWay = [];
    private long _bytes;
    private bool _isFull;

    // The two that the threads of the work touch.
    private readonly ConcurrentQueue<Outcome> _outcomes = new();
    private int _told;

    /// <summary>Makes the filter; its node does this.</summary>
    protected AsyncFilterActor()
    {
        _options = Cell.Definition.Async;
        _self = Self;
    }

    /// <summary>
    /// Looks at one message. It begins on the actor's thread, where <c>Context</c> is at hand, and goes on after an <c>await</c>
    /// on any other, several messages at a time: guard what they share.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Cancelled when the filter is restarted or stopped, just before it is closed.</param>
    /// <returns>What goes on to every target; null where nothing does, counted as <c>filtered</c>.</returns>
    protected abstract Task<Message?> FilterAsync(Message message, CancellationToken cancellation);

    private protected override void Handle(Delivery delivery)
    {
        var taken = delivery.Batch.Fitting(Math.Min(delivery.Batch.Count, _options.Concurrency - _underWay.Count), Cell.Mailbox.MaxBytes - _bytes, isEmpty: _underWay.Count == 0);
        var bytes = _bytes + delivery.Batch.Slice(0, taken).Bytes;
        _isFull = taken < delivery.Batch.Count || _underWay.Count + taken >= _options.Concurrency || bytes >= Cell.Mailbox.MaxBytes;
        if (_isFull) Cell.Mailbox.Pause(PauseReasons.Busy);
        if (taken < delivery.Batch.Count) PutBack([delivery.Skip(taken)]);
        for (var i = 0; i < taken; i++)
        {
            var work = new Work(delivery with { Batch = delivery.Batch.Slice(i, 1) });
            _underWay.AddLast(work.Place);
            _bytes += work.Delivery.Batch.Bytes;
            Start(work);
        }
    }

    private protected override bool HandleControl(object message)
    {
        switch (message)
        {
            case Collect:
                HandleOutcomes();
                return true;
            case Work work:
                // The timer may have run out just when a drain or the end of the instance overtook it.
                if (work.Place.List == _underWay && work.Pause is not null) Start(work);
                return true;
            default:
                return base.HandleControl(message);
        }
    }

    private protected override void HandleDraining()
    {
        foreach (var work in _underWay.Where(work => work.Pause is not null)) Start(work);
    }

    private protected override void HandleClosing()
    {
        // What is registered for the cancellation is not this thread's business, nor is what it throws.
        _ = _ending.CancelAsync();
        foreach (var work in _underWay) work.Pause?.Dispose();
    }

    private protected override IEnumerable<Delivery> TakeUnfinished()
    {
        var taken = _underWay.Select(work => work.Delivery).ToArray();
        _underWay.Clear();
        _bytes = 0;
        return taken;
    }

    private void Start(Work work)
    {
        work.Pause?.Dispose();
        work.Pause = null;
        work.Attempts++;
        _ = RunAsync(work);
    }

    private async Task RunAsync(Work work)
    {
        Message? result = null;
        Exception? failure = null;
        try
        {
            Cell.Definition.Fault?.Invoke(work.Message);
            result = await FilterAsync(work.Message, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        _outcomes.Enqueue(new Outcome(work, result, failure));

        // The next instance has outcomes of its own, and finds none of this one's.
        if (Interlocked.Exchange(ref _told, 1) == 0) _self.Tell(Collect.Instance);
    }

    private void HandleOutcomes()
    {
        Interlocked.Exchange(ref _told, 0);
        var settled = new Settled();
        while (_outcomes.TryDequeue(out var outcome))
        {
            var work = outcome.Work;
            if (outcome.Failure is { } failure && MayTryAgain(failure, work.Attempts))
            {
                TryLater(work);
                continue;
            }
            work.Outcome = outcome;
            if (!_options.Ordered) Settle(work, settled);
        }
        while (_options.Ordered && _underWay.First is { } first && Settle(first.Value, settled))
        {
        }

        if (settled.Count > (settled.Failure is null ? 0 : 1)) Cell.Restarts.Progressed = true;
        Finish(MessageBatch.Of(settled.Passed), settled.Passed.Count + settled.Filtered, settled.Filtered);
        if (settled.Failure is not null) ExceptionDispatchInfo.Throw(settled.Failure);
        if (!_isFull || settled.Count == 0) return;
        _isFull = false;
        Cell.Mailbox.Resume(PauseReasons.Busy);
    }

    private void TryLater(Work work)
    {
        var pause = RetryPause(work.Attempts);
        if (pause == TimeSpan.Zero) Start(work);
        else work.Pause = TellLater(work, pause);
    }

    /// <returns>False where the work is not done or has to be done again by the next instance.</returns>
    private bool Settle(Work work, Settled settled)
    {
        if (work.Outcome is not { } outcome) return false;
        var escalates = outcome.Failure is { } failure && Escalates(failure);

        // One message a restart: a filter whose database is away must not burn all that it works on.
        if (escalates && settled.Failure is not null) return false;
        _underWay.Remove(work.Place);
        _bytes -= work.Delivery.Batch.Bytes;
        settled.Count++;
        if (escalates) settled.Failure = outcome.Failure;
        if (outcome.Failure is not null)
        {
            Fail(work.Message, outcome.Failure, work.Attempts);
        }
        else if (outcome.Result is not null)
        {
            settled.Passed.Add(outcome.Result.InPlaceOf(work.Message));
        }
        else
        {
            settled.Filtered++;
            work.Message.Receipt?.Settle(Fate.Done);
        }
        return true;
    }

    /// <summary>One message that was taken; told to the actor when the pause before its next attempt is over.</summary>
    private sealed class Work : IDeadLetterSuppression
    {
        public Work(Delivery delivery)
        {
            Delivery = delivery;
            Place = new LinkedListNode<Work>(this);
        }

        public Delivery Delivery { get; }

        public Message Message => Delivery.Batch[0];

        public LinkedListNode<Work> Place { get; }

        public int Attempts { get; set; }

        /// <summary>Of one that waits for its next attempt: what ends the wait.</summary>
        public ITimer? Pause { get; set; }

        /// <summary>Of one that is done, perhaps before its turn.</summary>
        public Outcome? Outcome { get; set; }
    }

    private sealed record Outcome(Work Work, Message? Result, Exception? Failure);

    /// <summary>What one look at the outcomes led to.</summary>
    private sealed class Settled
    {
        public List<Message> Passed { get; } = [];

        public int Filtered { get; set; }

        /// <summary>All of them, those included that failed.</summary>
        public int Count { get; set; }

        public Exception? Failure { get; set; }
    }

    /// <summary>Has the actor look at the outcomes.</summary>
    private sealed class Collect : IDeadLetterSuppression
    {
        public static readonly Collect Instance = new();
    }
}
