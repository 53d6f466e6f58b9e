using Akka.Actor;
using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// A filter that sends on any number of messages at any time: it takes one message after the other and calls
/// <see cref="Emit"/>, at once, on a timer, in a handler of its own, or at the end.
/// </summary>
/// <remarks>
/// <para>
/// In the ledger, a message for which <see cref="Process"/> emits nothing is <c>filtered</c>; of several that it emits, one is
/// the message's <c>out</c> and the others are <c>created</c> too, as is whatever is emitted elsewhere.
/// </para>
/// <para>
/// A message on which Process throws goes to the error chain, and nothing that was emitted for it is sent; what a handler or
/// <see cref="Flush"/> emitted before it threw is not sent either. What an instance has collected is lost with it when
/// its supervision restarts it.
/// </para>
/// <para>
/// A message from an at-least-once link is done when all that Process emitted for it are; where it emits nothing, when it
/// returns, even if it keeps the message to emit it later.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// public sealed class CountPerSecond : EmittingFilterActor
/// {
///     private int _count;
///
///     public CountPerSecond() => Receive&lt;string&gt;(_ => Flush());
///
///     protected override void Open() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromSeconds(1));
///
///     protected override void Process(Message message) => _count++;
///
///     protected override void Flush()
///     {
///         Emit(Message.FromBody(new JObject { ["count"] = _count }));
///         _count = 0;
///     }
/// }
/// </code>
/// </example>
public abstract class EmittingFilterActor : FilterBase
{
    private readonly List<Message> _emitted = [];
    private bool _gathers;

    // Of the messages that are dealt with and not counted yet.
    private int _filtered;
    private int _created;

    /// <summary>Looks at one message and emits what is to go on in its place, if anything.</summary>
    protected abstract void Process(Message message);

    /// <summary>
    /// Sends a message to every target, in the order of the calls. For the actor's own thread: after an <c>await</c> only
    /// in a <c>ReceiveAsync</c>. The targets of a filter that has come to its end take no more.
    /// </summary>
    /// <remarks>
    /// A target that waits (<c>overflow = wait</c>) and is full holds back the messages that come to the filter, but neither its
    /// timers nor its handlers. While as many messages of the filter wait before a target as its mailbox has places
    /// (<c>capacity</c>), what timers and handlers emit is dropped for it, counted as <c>mailbox-full</c>. What
    /// <see cref="Process"/> and <see cref="Flush"/> emit is not.
    /// </remarks>
    protected void Emit(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _emitted.Add(message);
        if (!_gathers) SendCreated(unpaused: true);
    }

    /// <summary>Emits what was collected: the last chance. Called after the last message; then the filter's timers end.</summary>
    protected virtual void Flush()
    {
    }

    private protected override void Handle(Delivery delivery)
    {
        _gathers = true;
        try
        {
            ProcessAll(delivery);
        }
        finally
        {
            _gathers = false;
        }
    }

    private protected override bool HandleOwn(Receive receive, object message)
    {
        var handled = false;
        Gather(() => handled = base.HandleOwn(receive, message), unpaused: true);
        return handled;
    }

    private protected override void HandleEnd()
    {
        Gather(Flush, unpaused: false);
        Timers.CancelAll();
    }

    private void ProcessAll(Delivery delivery)
    {
        var messages = delivery.Batch.Messages;
        var triedBefore = TriedBefore(delivery);
        var failed = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            var first = _emitted.Count;
            try
            {
                Cell.Definition.Fault?.Invoke(messages[i]);
                Process(messages[i]);
            }
            catch (Exception exception)
            {
                _emitted.RemoveRange(first, _emitted.Count - first);
                var next = AfterFailure(delivery, i, i == 0 ? triedBefore + 1 : 1, exception);
                if (next == Next.GoOn)
                {
                    failed++;
                    continue;
                }
                FinishFirst(i - failed);
                if (next == Next.Escalate) throw;
                return;
            }
            Account(messages[i], first);
            if (!PutBackAtTheEnd(delivery, i + 1)) continue;
            FinishFirst(i + 1 - failed);
            return;
        }
        FinishFirst(messages.Length - failed);
    }

    private void FinishFirst(int handled)
    {
        Finish(TakeEmitted(), handled, _filtered, _created);
        _filtered = _created = 0;
    }

    /// <summary>Counts one message by what was emitted for it, which takes over its receipt.</summary>
    private void Account(Message message, int first)
    {
        var more = _emitted.Count - first - 1;
        if (more < 0)
        {
            _filtered++;
            message.Receipt?.Settle(Fate.Done);
            return;
        }
        if (more > 0)
        {
            _created += more;
            message.Receipt?.Branch(more);
        }
        for (var i = first; i < _emitted.Count; i++) _emitted[i] = _emitted[i].InPlaceOf(message);
    }

    private void Gather(Action action, bool unpaused)
    {
        _gathers = true;
        try
        {
            action();
            SendCreated(unpaused);
        }
        finally
        {
            _gathers = false;
            _emitted.Clear();
        }
    }

    /// <summary>Nobody's receipt goes with what was emitted for no message in particular.</summary>
    private void SendCreated(bool unpaused)
    {
        for (var i = 0; i < _emitted.Count; i++) _emitted[i] = _emitted[i].With(receipt: null);
        var emitted = TakeEmitted().Compacted();
        lock (Cell.Books)
        {
            if (Cell.IsAbandoned) return;
            Cell.Counts.Created.Add(emitted.Count);
            Send(emitted, unpaused);
        }
    }

    private MessageBatch TakeEmitted()
    {
        var emitted = _emitted.ToArray();
        _emitted.Clear();
        return new MessageBatch(emitted, emitted.Length);
    }
}
