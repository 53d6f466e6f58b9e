namespace MessageRouter.Client.Logging;

/// <summary>What a log event looks like as JSON.</summary>
public enum LogShape
{
    /// <summary><c>timestamp</c>, <c>level</c>, <c>message</c>, <c>template</c>, <c>fields</c>, <c>exception</c>, <c>event</c>, <c>trace</c>, <c>span</c>, <c>scopes</c>, <c>host</c>, <c>process</c>, <c>logger</c>.</summary>
    MessageRouter,

    /// <summary>Compact log event format of Serilog: <c>@t</c>, <c>@mt</c>, <c>@m</c>, <c>@l</c>, <c>@x</c>, and the fields beside them, with an @ at the beginning doubled; <c>dropped</c> becomes <c>dropped_</c>.</summary>
    Clef,

    /// <summary>Logstash's JSON, version 1: <c>@timestamp</c>, <c>@version</c>, <c>message</c>, <c>level</c>, <c>logger_name</c>, and the fields beside them; a field with such a name gets an underscore behind it.</summary>
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
