using System.Diagnostics.Tracing;

namespace MessageRouter.Benchmarks.Route;

/// <summary>How many bytes all sockets of this process have sent.</summary>
internal sealed class SocketBytes : EventListener
{
    private const string Source = "System.Net.Sockets";

    /// <summary>As of the last second.</summary>
    public long Sent { get; private set; }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source) EnableEvents(eventSource, EventLevel.Error, EventKeywords.None, new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "1" });
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.Payload is [IDictionary<string, object> counter] && counter["Name"] is "bytes-sent") Sent = (long)(double)counter["Mean"];
    }
}
