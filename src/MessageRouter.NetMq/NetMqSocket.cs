using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace MessageRouter.NetMq;

/// <summary>What the receiving and the sending side have in common: opening, watching its peers, failing, closing.</summary>
/// <remarks>
/// NetMQ tells only that a TCP connection came about or ended, not whose and not why: a peer that left, one that does
/// not speak ZeroMQ and one that was thrown out for a frame that is too large look the same.
/// </remarks>
internal abstract class NetMqSocket
{
    /// <summary>How long a port may take to be free again after this process closed the socket that was bound to it.</summary>
    private static readonly TimeSpan PortRelease = TimeSpan.FromSeconds(2);

    /// <summary>When endpoints were closed, by <see cref="Environment.TickCount64"/>: NetMQ releases ports a little later.</summary>
    private static readonly ConcurrentDictionary<string, long> ClosedAt = new();

    /// <summary>How often Linux asks before it gives a connection up.</summary>
    private const int Keepalives = 9;

    private static long _monitors;

    private readonly List<string> _bound = [];
    private readonly PairSocket _events = new();
    private bool _failed;

    protected NetMqSocket(NetMqLoop loop, NetMQSocket socket)
    {
        Loop = loop;
        Socket = socket;
    }

    /// <summary>The socket and what hears of its connections, in the order in which they are closed.</summary>
    public IReadOnlyList<NetMQSocket> Parts => [_events, Socket];

    /// <summary>Touched only by the thread that makes it, before it is given to the loop, and by the loop's thread from then on.</summary>
    public NetMQSocket Socket { get; }

    public IReadOnlyList<string> Endpoints { get; private set; } = [];

    protected NetMqLoop Loop { get; }

    /// <summary>
    /// Whether it is not read at times. NetMQ does not hear answers to its heartbeats then and would end connections over it, with
    /// what was under way; so the operating system asks, which knows only whether the peer's machine is there.
    /// </summary>
    protected virtual bool MayStandUnread => false;

    /// <summary>Binds and connects.</summary>
    /// <exception cref="EndpointException">One of the endpoints could not be opened; the socket is closed again.</exception>
    public void Open(SocketSettings settings)
    {
        try
        {
            var options = Socket.Options;
            options.Linger = settings.Linger;
            options.ReconnectInterval = settings.ReconnectMin;
            options.ReconnectIntervalMax = settings.ReconnectMax;
            if (settings.HeartbeatInterval > TimeSpan.Zero && MayStandUnread)
            {
                options.TcpKeepalive = true;
                options.TcpKeepaliveIdle = AtLeastASecond(settings.HeartbeatInterval);
                options.TcpKeepaliveInterval = AtLeastASecond(settings.HeartbeatTimeout / Keepalives);
            }
            else if (settings.HeartbeatInterval > TimeSpan.Zero)
            {
                options.HeartbeatInterval = settings.HeartbeatInterval;
                options.HeartbeatTimeout = settings.HeartbeatTimeout;
            }
            Configure(settings);
            Watch();
            foreach (var endpoint in settings.Bind) _bound.Add(Bind(endpoint));
            foreach (var endpoint in settings.Connect) Connect(endpoint);
            Endpoints = [.. _bound, .. settings.Connect.Select(endpoint => endpoint.ToString())];
        }
        catch
        {
            foreach (var part in Parts) part.Dispose();
            Leave();
            throw;
        }
        Loop.Add(this);
    }

    /// <summary>Reports a failure, once; the component above closes the socket then.</summary>
    public void Fail(Exception exception)
    {
        if (_failed) return;
        _failed = true;
        Ignore();
        Report(exception);
    }

    protected abstract void Configure(SocketSettings settings);

    /// <summary>Takes all handlers off the socket, so that it cannot keep the loop busy.</summary>
    protected abstract void Ignore();

    /// <summary>A connection came about or ended; on the loop's thread.</summary>
    protected abstract void PeerChanged(PeerChange change);

    protected abstract void Report(Exception exception);

    /// <summary>Runs a step on the loop's thread, from which no exception may get out.</summary>
    protected void Guard(Action step)
    {
        if (_failed) return;
        try
        {
            step();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Closes the socket; on the loop's thread.</summary>
    protected void Dispose()
    {
        Loop.RemoveAndDispose(this);
        Leave();
    }

    /// <summary>Remembers that the ports will be free in a moment; also before the loop's thread gets to close them.</summary>
    protected void Leave()
    {
        foreach (var endpoint in _bound) ClosedAt[endpoint] = Environment.TickCount64;
    }

    /// <summary>
    /// Only these events: the I/O thread alone writes them, while others come from whoever binds or closes and would
    /// break the socket between the two.
    /// </summary>
    private void Watch()
    {
        var channel = $"inproc://message-router-monitor-{Interlocked.Increment(ref _monitors)}";
        Socket.Monitor(channel, SocketEvents.Accepted | SocketEvents.Connected | SocketEvents.Disconnected);
        new NetMQMonitor(_events, channel).EventReceived += (_, happened) => Guard(() => HandleEvent(happened));
        _events.Connect(channel);
    }

    private void HandleEvent(NetMQMonitorEventArgs happened)
    {
        var connected = happened.SocketEvent != SocketEvents.Disconnected;
        if (connected) ConnectionClose.MakeGraceful((happened as NetMQMonitorSocketEventArgs)?.Socket);
        PeerChanged(new PeerChange(happened.Address, connected));
    }

    private static TimeSpan AtLeastASecond(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : time;

    private string Bind(ZmtpEndpoint endpoint)
    {
        try
        {
            if (!endpoint.IsTcp)
            {
                Socket.Bind(endpoint.ToString());
                return endpoint.ToString();
            }
            var address = endpoint.Host == "*" ? IPAddress.Any : Resolve(endpoint);
            Socket.Options.IPv4Only = address.AddressFamily == AddressFamily.InterNetwork;
            var port = endpoint.Port;
            if (port != 0) Bind(ZmtpEndpoint.Format(address.ToString(), port));
            else port = Socket.BindRandomPort(ZmtpEndpoint.Format(address.ToString(), 0)[..^2]);
            return ZmtpEndpoint.Format(address.ToString(), port);
        }
        catch (NetMQException exception)
        {
            throw new EndpointException(endpoint, $"cannot be bound: {Problem(exception)}", exception);
        }
    }

    private void Bind(string endpoint)
    {
        if (!ClosedAt.TryGetValue(endpoint, out var closed) || Environment.TickCount64 - closed > PortRelease.TotalMilliseconds)
        {
            Socket.Bind(endpoint);
            return;
        }
        AddressAlreadyInUseException? inUse = null;
        var bound = SpinWait.SpinUntil(() =>
        {
            try
            {
                Socket.Bind(endpoint);
                return true;
            }
            catch (AddressAlreadyInUseException exception)
            {
                inUse = exception;
                return false;
            }
        }, PortRelease);
        if (!bound) throw inUse!;
    }

    private void Connect(ZmtpEndpoint endpoint)
    {
        try
        {
            if (!endpoint.IsTcp)
            {
                Socket.Connect(endpoint.ToString());
                return;
            }
            var address = Resolve(endpoint);
            Socket.Options.IPv4Only = address.AddressFamily == AddressFamily.InterNetwork;
            Socket.Connect(ZmtpEndpoint.Format(address.ToString(), endpoint.Port));
        }
        catch (EndpointNotFoundException exception)
        {
            throw new EndpointException(endpoint, "cannot be connected to: nothing in this process is bound to it; start what binds it first.", exception);
        }
        catch (NetMQException exception)
        {
            throw new EndpointException(endpoint, $"cannot be connected to: {exception.Message}", exception);
        }
    }

    /// <summary>NetMQ would take whatever address comes first and ask the name service without a word of what failed.</summary>
    private static IPAddress Resolve(ZmtpEndpoint endpoint)
    {
        if (endpoint.Address is { } address) return address;
        try
        {
            var addresses = Dns.GetHostAddresses(endpoint.Host);
            return addresses.FirstOrDefault(found => found.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException exception)
        {
            throw EndpointException.UnknownHost(endpoint, exception);
        }
    }

    private static string Problem(NetMQException exception) => exception.ErrorCode switch
    {
        ErrorCode.AddressAlreadyInUse => "it is in use by another socket or program; stop that one or take another port.",
        ErrorCode.AddressNotAvailable => "this machine has no such address; take one of its own or * for all.",
        ErrorCode.AccessDenied => "that is not allowed; ports below 1024 usually need privileges.",
        _ => exception.Message,
    };
}
