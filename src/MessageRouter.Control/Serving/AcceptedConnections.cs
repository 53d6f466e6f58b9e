using System.Net;
using MessageRouter.Control.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Control.Serving;

/// <summary>Hands Kestrel the connections that listeners have accepted already.</summary>
internal sealed class AcceptedConnections(IReadOnlyList<ControlListener> listeners) : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Connections(listeners.First(listener => listener.EndPoint.Equals(endpoint))));

    private sealed class Connections(ControlListener listener) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _contexts = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        private readonly CancellationTokenSource _ending = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
            try
            {
                while (await listener.Accepted.WaitToReadAsync(either.Token))
                {
                    if (!listener.Accepted.TryRead(out var socket)) continue;
                    var connection = _contexts.Create(socket);
                    connection.ConnectionClosed.Register(listener.Ended);
                    return connection;
                }
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                // No more.
            }
            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) => await _ending.CancelAsync();

        public ValueTask DisposeAsync()
        {
            _contexts.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
