using System.Net;
using System.Net.Sockets;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp;

/// <summary>What connects and what listens goes on, whatever fails once.</summary>
public sealed class LoopsTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock = new();
    private readonly Failures _log = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;

    public void Dispose()
    {
        _socket?.Dispose();
        _closing.Dispose();
    }

    [Fact]
    public async Task An_endpoint_is_tried_again_when_there_was_no_descriptor_for_the_socket()
    {
        using var listener = Listening();
        var tries = 0;
        var connecting = Connector(listener, () => ++tries == 1 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : new Socket(SocketType.Stream, ProtocolType.Tcp))
            .ConnectAsync(
                socket =>
                {
                    Keep(socket);
                    return Served();
                },
                _closing.Token);

        await ComesAsync(connecting);

        Assert.Equal([$"{Endpoint(listener)}: {new SocketException((int)SocketError.TooManyOpenSockets).Message}"], _log.Heard);
        await EndsAsync(connecting);
    }

    [Fact]
    public async Task An_endpoint_is_tried_again_whatever_serving_its_connection_throws()
    {
        using var listener = Listening();
        var served = 0;
        var connecting = Connector(listener, () => new Socket(SocketType.Stream, ProtocolType.Tcp)).ConnectAsync(
            socket =>
            {
                Keep(socket);
                return ++served == 1 ? throw new InvalidOperationException("Not this time.") : Served();
            },
            _closing.Token);

        await ComesAsync(connecting);

        Assert.Equal([$"{Endpoint(listener)}: Not this time."], _log.Heard);
        await EndsAsync(connecting);
    }

    [Fact]
    public async Task The_next_connection_is_accepted_whatever_accepting_one_throws()
    {
        Assert.True(ZmtpEndpoint.TryParse(Zmq.AnyPort, EndpointUse.Bind, out var endpoint, out _));
        using var listener = ZmtpListener.Bind(endpoint);
        var accepted = 0;
        var listening = listener.AcceptAsync(
            (socket, _) =>
            {
                Keep(socket);
                if (++accepted == 1) throw new InvalidOperationException("Not this time.");
                _served.SetResult();
            },
            _clock,
            _log,
            _closing.Token);
        var address = IPEndPoint.Parse(listener.Endpoint["tcp://".Length..]);
        using var first = await RawPeer.ConnectAsync(address);
        using var second = await RawPeer.ConnectAsync(address);

        await ComesAsync(listening);

        Assert.Equal([$"{listener.Endpoint}: Not this time."], _log.Heard);
        await EndsAsync(listening);
    }

    private static TcpListener Listening()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static string Endpoint(TcpListener listener) => $"tcp://{listener.LocalEndpoint}";

    private ZmtpConnector Connector(TcpListener listener, Func<Socket> newSocket)
    {
        Assert.True(ZmtpEndpoint.TryParse(Endpoint(listener), EndpointUse.Connect, out var endpoint, out _));
        return new ZmtpConnector(endpoint, PeerProbe.Typical(PeerSocketType.Push), _clock, _log) { NewSocket = newSocket };
    }

    private void Keep(Socket socket)
    {
        _socket?.Dispose();
        _socket = socket;
    }

    private Task<bool> Served()
    {
        _served.TrySetResult();
        return Task.FromResult(true);
    }

    /// <summary>Moves the clock on, until a connection has come or the loop has ended, which it must not.</summary>
    private async Task ComesAsync(Task loop)
    {
        await Eventually.IsTrueAsync(() => _served.Task.IsCompleted || loop.IsCompleted, _clock, Step);
        if (loop.IsCompleted) await loop;
        Assert.True(_served.Task.IsCompleted);
    }

    private async Task EndsAsync(Task loop)
    {
        await _closing.CancelAsync();
        await loop.WaitAsync(TestNode.Patience);
    }

    /// <summary>What could not be connected to or accepted.</summary>
    private sealed class Failures : IConnectionLog
    {
        private readonly List<string> _heard = [];

        public List<string> Heard
        {
            get
            {
                lock (_heard) return [.. _heard];
            }
        }

        public void NotConnected(string endpoint, string reason) => Hear(endpoint, reason);

        public void NotAccepted(string endpoint, Exception exception) => Hear(endpoint, exception.Message);

        public void Refused(string peer, string reason, string refusal) => Hear(peer, reason);

        public void TurnedAway(TurnedAway connection) => Hear(connection.Peer, connection.Reason);

        public void Failed(string peer, Exception exception) => Hear(peer, exception.Message);

        private void Hear(string whom, string what)
        {
            lock (_heard) _heard.Add($"{whom}: {what}");
        }
    }
}
