using MessageRouter.Components;

namespace MessageRouter.Filters;

/// <summary>A filter that looks at nothing but a message's bytes and peer: where a batch has only payloads, no messages are made of them.</summary>
internal abstract class PayloadFilter : FilterActor
{
    /// <summary>What becomes of a message.</summary>
    protected enum Verdict
    {
        /// <summary>It goes on as it is.</summary>
        Passes,

        /// <summary>Nothing goes on.</summary>
        Ends,

        /// <summary>It goes on with another payload, which is JSON as well.</summary>
        Edited,
    }

    protected abstract Verdict Look(ReadOnlySpan<byte> payload, MessageFormat format, MessagePeer? peer, out ReadOnlyMemory<byte> edited);

    protected sealed override Message? Filter(Message message) => Look(message.Payload.Span, message.Format, message.Peer, out var edited) switch
    {
        Verdict.Passes => message,
        Verdict.Edited => message.WithKnown(edited, MessageFormat.Json),
        _ => null,
    };

    private protected sealed override void FilterRest(MessageBatch batch, PassedMessages passed)
    {
        if (batch.PlainDetails is not { } details)
        {
            base.FilterRest(batch, passed);
            return;
        }
        while (passed.Next < batch.Count)
        {
            switch (Look(batch.PayloadAt(passed.Next), details.Format, details.Peer, out var edited))
            {
                case Verdict.Passes:
                    passed.Keep();
                    break;
                case Verdict.Edited:
                    passed.Replace(edited);
                    break;
                default:
                    passed.End();
                    break;
            }
        }
    }
}
