using MessageRouter.ZeroMq;
using Microsoft.Extensions.Logging;

namespace MessageRouter.NetMq;

/// <summary>
/// ZeroMQ by NetMQ: one thread polls all receivers, another all senders. Several engines may be in one process.
/// </summary>
/// <remarks>
/// NetMQ reads the wire on a thread of its own, and a peer that breaks the protocol in certain ways ends the process
/// there: a READY command with a malformed property, an empty command frame. Sockets belong on networks whose peers
/// are trusted. What a peer sends before its limits are checked is bounded only by the memory: a message of endless
/// frames, any number of connections or subscriptions.
/// </remarks>
internal sealed class NetMqEngine(ILoggerFactory loggers) : IZeroMqEngine
{
    private readonly ILogger _logger = loggers.CreateLogger("zeromq");
    private readonly Lock _lock = new();

    /// <summary>Of closed senders, by their names, until when they may send what they have: NetMQ hides how much that is.</summary>
    private readonly Dictionary<string, long> _lingering = [];
    private NetMqLoop? _receivers;
    private NetMqLoop? _senders;
    private TimeSpan _longestLinger;
    private bool _entered;
    private bool _disposed;

    public IZeroMqReceiver OpenReceiver(ReceiverSettings settings, IReceiverSink sink)
    {
        var receiver = new NetMqReceiver(Loop(ref _receivers, "zeromq-receive", settings), settings, sink);
        receiver.Open(settings);
        return receiver;
    }

    public IZeroMqSender OpenSender(SenderSettings settings, ISenderSink sink)
    {
        var sender = new NetMqSender(Loop(ref _senders, "zeromq-send", settings), settings, sink, () => Linger(settings));
        lock (_lock) _lingering.Remove(settings.Name);
        sender.Open(settings);
        return sender;
    }

    public IReadOnlyList<string> StillSending
    {
        get
        {
            lock (_lock) return [.. _lingering.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Ends the threads, and lets closed sockets send what they may still send within their linger time.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }
        if (!_entered) return;
        if (_receivers is not null) await _receivers.StopAsync();
        if (_senders is not null) await _senders.StopAsync();
        if (!await NetMqContext.LeaveAsync(_longestLinger)) NetMqLog.StillClosing(_logger);
        else ForgetWhoHasSentAll();
    }

    /// <remarks>Who chose no linger time chose to lose what is left.</remarks>
    private void Linger(SenderSettings settings)
    {
        if (settings.Linger <= TimeSpan.Zero) return;
        lock (_lock) _lingering[settings.Name] = Environment.TickCount64 + (long)settings.Linger.TotalMilliseconds;
    }

    /// <summary>All sockets are closed: those before their linger time was over because they had nothing left.</summary>
    private void ForgetWhoHasSentAll()
    {
        lock (_lock)
        {
            foreach (var (name, _) in _lingering.Where(sender => Environment.TickCount64 < sender.Value).ToList()) _lingering.Remove(name);
        }
    }

    private NetMqLoop Loop(ref NetMqLoop? loop, string name, SocketSettings settings)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entered) NetMqContext.Enter();
            _entered = true;
            if (settings.Linger > _longestLinger) _longestLinger = settings.Linger;
            if (loop is null || loop.IsOver) loop = new NetMqLoop(name, _logger);
            return loop;
        }
    }
}

internal static partial class NetMqLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "ZeroMQ sockets are still being closed after their linger time; they are left alone.")]
    public static partial void StillClosing(ILogger logger);
}
