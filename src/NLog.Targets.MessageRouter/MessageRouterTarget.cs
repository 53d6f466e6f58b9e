using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Zmtp.Security;
using NLog.Common;
using NLog.Layouts;

namespace NLog.Targets.MessageRouter;

/// <summary>
/// Sends events to a MessageRouter node: <c>&lt;target xsi:type="MessageRouter" name="node" endpoint="tcp://logs:5224" /&gt;</c>. The application never waits: what cannot be
/// sent in time is dropped, counted, said in <see cref="InternalLogger"/> and told to the other end.
/// </summary>
[Target("MessageRouter")]
public sealed class MessageRouterTarget : TargetWithContext
{
    private static readonly LogGravity[] Gravities = [LogGravity.Trace, LogGravity.Debug, LogGravity.Information, LogGravity.Warning, LogGravity.Error, LogGravity.Critical];

    /// <summary>What an event that waits takes beside its values.</summary>
    private const int Overhead = 512;

    private const string Message = "${message}";

    private MessageClient? _client;
    private BackgroundClosing? _closing;
    private IJsonConverter? _converter;
    private bool _hasOwnLayout;

    /// <summary>Makes a target whose message is the event's own, and which sends the event's properties.</summary>
    public MessageRouterTarget()
    {
        Layout = Message;
        IncludeEventProperties = true;
    }

    /// <summary>Where to connect to: <c>tcp://logs:5224</c>, or <c>ipc:///run/logs.sock</c>. Has to be given.</summary>
    public Layout Endpoint { get; set; } = Layout.Empty;

    /// <summary>More endpoints to connect to, with commas between them: PUSH shares events out among all that are there, PUB sends them to all.</summary>
    public Layout MoreEndpoints { get; set; } = Layout.Empty;

    /// <summary>What an event looks like.</summary>
    public LogShape Shape { get; set; }

    /// <summary>The name of the application; that of the program where nothing is said.</summary>
    public string? Application { get; set; } = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name;

    /// <summary>PUSH or PUB; the node's input has the matching <c>socket-type</c>.</summary>
    public ClientSocket Socket { get; set; }

    /// <summary>Events that wait to be sent, from 1; 100,000.</summary>
    public int Capacity { get; set; } = 100_000;

    /// <summary>The same in bytes, from 1; 32 MiB.</summary>
    public long CapacityBytes { get; set; } = 32 << 20;

    /// <summary>What gives way then.</summary>
    public ClientOverflow Overflow { get; set; }

    /// <summary>Whether the next event after a loss says how many were lost, in a field <c>dropped</c>.</summary>
    public bool TellLosses { get; set; } = true;

    /// <summary>
    /// How long flushing the target, and closing it, may each take to send what waits, at most an hour; 2 s. In a configuration <c>00:00:05</c> is five seconds; <c>5</c> would be days.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How both ends prove who they are: <see cref="PlainSecurity"/>, or <c>CurveSecurity</c> of the package MessageRouter.Curve; null for not at all. It is set in code.</summary>
    public ZmtpSecurity? Security { get; set; }

    /// <summary>The trace and span of an event. It is no setting: NLog looks at each layout of a target while the event is logged, where another thread writes it.</summary>
    public TraceLayout Trace { get; } = new();

    /// <summary>What was sent and dropped; null while the target is not open.</summary>
    public MessageClientStatistics? Statistics => _client?.Statistics;

    /// <inheritdoc/>
    protected override void InitializeTarget()
    {
        base.InitializeTarget();
        var endpoint = Endpoint?.Render(LogEventInfo.CreateNullEvent()) ?? "";
        var more = MoreEndpoints?.Render(LogEventInfo.CreateNullEvent()) ?? "";

        _converter = ResolveService<IJsonConverter>();

        // The layout is wrapped by the base class, and says what was written.
        _hasOwnLayout = Layout?.ToString() != Message;
        try
        {
            LoggingChecks.Check(Shape, Linger);
            _client = new MessageClient(endpoint, new MessageClientOptions
            {
                MoreEndpoints = more.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Socket = Socket,
                Capacity = Capacity,
                CapacityBytes = CapacityBytes,
                Overflow = Overflow,
                TellLosses = TellLosses,
                Linger = Linger,
                Security = Security,
            });
        }
        catch (ArgumentException exception)
        {
            throw new NLogConfigurationException($"The target {Name} cannot be used: {exception.Message}", exception);
        }
        _client.ConnectionFailed += (_, failed) => InternalLogger.Warn("{0}: {1} cannot be reached: {2}", this, failed.Endpoint, failed.Reason);
        _client.Dropped += (_, dropped) => InternalLogger.Warn("{0}: {1} events were dropped, {2} in all.", this, dropped.Count, dropped.Statistics.Dropped);
        _closing = new BackgroundClosing(_client);
    }

    /// <inheritdoc/>
    protected override void CloseTarget()
    {
        // NLog holds the target's lock, for which every thread waits that logs.
        if (Interlocked.Exchange(ref _client, null) is not null) _closing!.Begin();
        base.CloseTarget();
    }

    /// <inheritdoc/>
    protected override void FlushAsync(AsyncContinuation asyncContinuation)
    {
        if (_client is not { } client) asyncContinuation(null);
        else _ = FlushAsync(client, asyncContinuation);
    }

    /// <inheritdoc/>
    protected override void Write(LogEventInfo logEvent)
    {
        if (_client is not { } client || !client.MayTake(Overhead)) return;
        try
        {
            Send(client, logEvent);
        }
        catch (Exception exception)
        {
            // A scope's properties that cannot be read, for example. NLog would have the application pay for it where it is told to throw.
            client.CountFailed();
            InternalLogger.Warn(exception, "{0}: An event could not be written.", this);
        }
    }

    private void Send(MessageClient client, LogEventInfo logEvent)
    {
        var text = (string?)logEvent.Message ?? "";

        // NLog does not always keep the parameters of which it has made the message.
        var isTemplate = text.Length > 0 && (logEvent.Parameters is { Length: > 0 } || (text.Contains('{', StringComparison.Ordinal) && logEvent.MessageTemplateParameters.Count > 0));
        var ids = Trace.Of(logEvent);
        var fields = Fields(logEvent, isTemplate);
        var hasFailed = isTemplate && IncludeEventProperties && fields is not null && CapturedValues.MayBeIn(text) && CapturedValues.PutInto(fields, logEvent, _converter!);
        var message = Text(logEvent, ref hasFailed);
        var record = new LogRecord
        {
            Timestamp = logEvent.TimeStamp,
            Gravity = Gravities[Math.Clamp(logEvent.Level.Ordinal, 0, Gravities.Length - 1)],
            Logger = logEvent.LoggerName,
            Message = message,
            Template = isTemplate ? text : null,
            HasFailed = hasFailed,
            HasOwnMessage = isTemplate && (_hasOwnLayout || !IncludeEventProperties),
            Exception = logEvent.Exception,
            TraceId = ids.Trace,
            SpanId = ids.Span,
        };
        if (MayWait(record, fields, out var size)) client.TryDefer(new DeferredEvent(Shape, Application, record, fields, size));
        else client.TrySend(LogEventWriter.Write(Shape, Application, record, fields, WriteFields, client.Flaws).Span);
    }

    /// <summary>The message; where NLog cannot make it, since the application's code fails, what failed.</summary>
    private string Text(LogEventInfo logEvent, ref bool hasFailed)
    {
        try
        {
            return RenderLogEvent(Layout, logEvent);
        }
        catch (Exception exception)
        {
            hasFailed = true;
            return $"(the message could not be made: {exception.GetType().Name})";
        }
    }

    /// <summary>Waits no longer than the target may: with the node away NLog would wait for a quarter of a minute, and the application with it.</summary>
    private async Task FlushAsync(MessageClient client, AsyncContinuation asyncContinuation)
    {
        try
        {
            await client.FlushAsync().WaitAsync(Linger).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            InternalLogger.Warn("{0}: {1} events could not be sent within {2}, and wait.", this, client.Statistics.Waiting, Linger);
        }
        asyncContinuation(null);
    }

    /// <summary>The fields of an event; those of a template with numbers too, which are no properties for NLog.</summary>
    private IDictionary<string, object?>? Fields(LogEventInfo logEvent, bool isTemplate)
    {
        var fields = ShouldIncludeProperties(logEvent) || ContextProperties.Count > 0 ? GetAllProperties(logEvent) : null;
        if (!isTemplate || !IncludeEventProperties || !MayHaveNumbers(logEvent.Message) || logEvent.MessageTemplateParameters is not { IsPositional: true } numbered) return fields;
        fields ??= new Dictionary<string, object?>();
        foreach (var parameter in numbered) fields.TryAdd(parameter.Name, parameter.Value);
        return fields;
    }

    private static bool MayHaveNumbers(string template)
    {
        var brace = template.IndexOf('{', StringComparison.Ordinal);
        while (brace >= 0 && brace + 1 < template.Length)
        {
            var name = template.AsSpan(brace + 1).TrimStart("@$");
            if (!name.IsEmpty && char.IsAsciiDigit(name[0])) return true;
            brace = template.IndexOf('{', brace + 1);
        }
        return false;
    }

    /// <summary>Whether nothing of an event can change, so that it may be written when it leaves. Its message has been made: a layout may ask which thread logs.</summary>
    private static bool MayWait(in LogRecord record, IDictionary<string, object?>? fields, out int size)
    {
        size = Overhead;

        // The trace of an exception grows while it is thrown on.
        if (record.Exception is not null || !Unchanging.Is(record.Message, ref size)) return false;
        if (fields is null) return true;
        foreach (var (_, value) in fields)
        {
            if (!Unchanging.Is(value, ref size)) return false;
        }
        return true;
    }

    private static void WriteFields(IDictionary<string, object?>? fields, LogEventWriter writer)
    {
        if (fields is null) return;
        foreach (var (name, value) in fields) writer.Field(name, value);
    }

    private readonly struct DeferredEvent(LogShape shape, string? application, in LogRecord record, IDictionary<string, object?>? fields, int size) : IDeferredMessage
    {
        private readonly LogRecord _record = record;

        public int Size => size;

        public ReadOnlyMemory<byte> Write(EventFlaws flaws) => LogEventWriter.Write(shape, application, _record, fields, WriteFields, flaws);
    }
}
