using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MessageRouter.Control.Listening;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>Streams of server-sent events, for those who read them: who takes none for a while is cut off and counted.</summary>
internal sealed class EventStream(Watchers watchers, TimeProvider clock)
{
    /// <summary>How long one event may be on its way, by the node's clock.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IResult Of(HttpContext context, IAsyncEnumerable<SseItem<string>> events) => Results.ServerSentEvents(WatchedAsync(context, events, context.RequestAborted));

    private async IAsyncEnumerable<SseItem<string>> WatchedAsync(HttpContext context, IAsyncEnumerable<SseItem<string>> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var patience = clock.CreateTimer(_ => CutOff(context), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await foreach (var item in events.WithCancellation(cancellation))
        {
            patience.Change(Patience, Timeout.InfiniteTimeSpan);
            yield return item;
            patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void CutOff(HttpContext context)
    {
        watchers.CutOff();
        context.Abort();
    }
}
