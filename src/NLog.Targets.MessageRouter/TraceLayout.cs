using System.Runtime.CompilerServices;
using MessageRouter.Client.Logging;
using NLog.Layouts;

namespace NLog.Targets.MessageRouter;

/// <summary>Remembers the trace and span of the thread that logs, for events that another one writes (<c>async="true"</c>). As a text it is empty.</summary>
public sealed class TraceLayout : Layout
{
    private readonly ConditionalWeakTable<LogEventInfo, object> _kept = [];

    internal TraceLayout()
    {
    }

    internal TraceIds Of(LogEventInfo logEvent) => _kept.TryGetValue(logEvent, out var kept) ? (TraceIds)kept : TraceIds.Now;

    /// <summary>Called by NLog on the thread that logs, before it leaves the event to another one.</summary>
    /// <param name="logEvent">The event.</param>
    protected override string GetFormattedMessage(LogEventInfo logEvent)
    {
        _kept.AddOrUpdate(logEvent, TraceIds.Now);
        return "";
    }
}
