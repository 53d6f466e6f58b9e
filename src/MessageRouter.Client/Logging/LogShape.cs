namespace MessageRouter.Client.Logging;

/// <summary>What a log event looks like as JSON.</summary>
public enum LogShape
{
    /// <summary><c>timestamp</c>, <c>level</c>, <c>message</c>, <c>template</c>, <c>fields</c>, <c>exception</c>, <c>event</c>, <c>trace</c>, <c>span</c>, <c>host</c>, <c>application</c>, <c>process</c>, <c>logger</c>; what is not known is left out.</summary>
    MessageRouter,

    /// <summary>Compact log event format of Serilog: <c>@t</c>, <c>@mt</c>, <c>@m</c>, <c>@l</c>, <c>@x</c>, <c>@tr</c>, <c>@sp</c>, and the fields beside them, with an @ at the beginning doubled; <c>dropped</c> becomes
    /// <c>dropped_</c>. <c>SourceContext</c>, <c>EventId</c>, <c>EventName</c>, <c>MachineName</c>, <c>Application</c> and <c>ProcessId</c> are added where the event has no such field.</summary>
    Clef,

    /// <summary>Logstash's JSON, version 1: <c>@timestamp</c>, <c>@version</c>, <c>message</c>, <c>level</c>, <c>logger_name</c>, <c>host</c>, <c>application</c>, <c>process</c>, <c>template</c>, <c>event_id</c>,
    /// <c>event_name</c>, <c>trace_id</c>, <c>span_id</c>, <c>stack_trace</c>, and the fields beside them; a field with such a name gets an underscore behind it.</summary>
    Logstash,

    /// <summary>What Perl's Log::Dispatch::Message::Passing sends: <c>name</c>, <c>level</c> with the names of Log::Dispatch, <c>message</c>.</summary>
    MessagePassing,
}

/// <summary>How grave a log event is.</summary>
internal enum LogGravity
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}
