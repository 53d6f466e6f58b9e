using System.Diagnostics;

namespace MessageRouter.Client.Logging;

/// <summary>What an event's trace and span are called; null where there is none.</summary>
internal readonly record struct TraceIds(string? Trace, string? Span)
{
    /// <summary>Those of what this thread is at. Activities with hierarchical names have none.</summary>
    public static TraceIds Now => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? new(activity.TraceId.ToHexString(), activity.SpanId.ToHexString()) : default;
}
