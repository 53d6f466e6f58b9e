using MessageRouter.Mailboxes;

namespace MessageRouter.Components;

/// <summary>
/// A filter: takes one message at a time and returns it, another one, or null so that nothing goes on.
/// A message on which it throws goes to the error chain; neither the others nor their order are touched by that.
/// Whether the filter is restarted then is its supervision's matter; a <see cref="MessageException"/> says that only the
/// message is at fault. With <c>retry</c> in its block a message is tried several times first.
/// </summary>
/// <remarks>
/// What makes several messages of one, or emits at other times, is an <see cref="EmittingFilterActor"/>; what waits for a
/// database or the network is an <see cref="AsyncFilterActor"/>.
/// </remarks>
/// <example>
/// <code>
/// public sealed class ErrorsOnly : FilterActor
/// {
///     protected override Message? Filter(Message message) =>
///         message["level"] == "error" ? message : null;
/// }
/// </code>
/// </example>
public abstract class FilterActor : FilterBase
{
    private readonly PassedMessages _passed = new();

    /// <summary>Looks at one message.</summary>
    /// <returns>What goes on to every target; null where nothing does, counted as <c>filtered</c>.</returns>
    protected abstract Message? Filter(Message message);

    private protected override void Handle(Delivery delivery)
    {
        var batch = delivery.Batch;
        var triedBefore = TriedBefore(delivery);
        var failed = 0;
        _passed.Begin(batch);
        while (_passed.Next < batch.Count)
        {
            try
            {
                if (Cell.Definition.Fault is { } fault) FilterEach(batch, _passed, fault);
                else FilterRest(batch, _passed);
            }
            catch (Exception exception)
            {
                var index = _passed.Next;
                var next = AfterFailure(delivery, index, index == 0 ? triedBefore + 1 : 1, exception);
                if (next == Next.GoOn)
                {
                    _passed.Leave();
                    failed++;
                    continue;
                }
                FinishFirst(index - failed);
                if (next == Next.Escalate) throw;
                return;
            }
            if (PutBackAtTheEnd(delivery, _passed.Next)) break;
        }
        FinishFirst(_passed.Next - failed);
    }

    /// <summary>
    /// Looks at the messages of a batch whose turn has come, one after the other, and says of each what goes on in its place: of all that are left,
    /// unless the node's time is over.
    /// </summary>
    private protected virtual void FilterRest(MessageBatch batch, PassedMessages passed) => FilterEach(batch, passed, fault: null);

    private void FilterEach(MessageBatch batch, PassedMessages passed, Action<Message>? fault)
    {
        while (passed.Next < batch.Count)
        {
            var message = batch.MessageAt(passed.Next);
            fault?.Invoke(message);
            var result = Filter(message);
            if (ReferenceEquals(result, message)) passed.Keep();
            else if (result is not null) passed.Replace(result, message);
            else passed.End();
            if (Cell.MustStop) return;
        }
    }

    private void FinishFirst(int handled)
    {
        var filtered = _passed.Filtered;
        Finish(_passed.Take(), handled, filtered);
    }
}
