using System.Net;
using System.Net.Sockets;
using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;

namespace MessageRouter.Tests.Client;

/// <summary>What waits beside a client's own bounds is bounded too, with peers that do not read.</summary>
public sealed class SocketBoundTests : IDisposable
{
    private const int Capacity = 500, InSocketForEach = 1024;

    private readonly List<IDisposable> _deaf = [];

    public void Dispose() => _deaf.ForEach(deaf => deaf.Dispose());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_socket_has_so_many_messages_for_each_peer_and_for_all_together(int peers)
    {
        List<TcpListener> listeners = [.. Enumerable.Range(0, peers).Select(_ => Listening())];
        List<string> endpoints = [.. listeners.Select(listener => $"tcp://{listener.LocalEndpoint}")];
        await using var client = new MessageClient(endpoints[0], new MessageClientOptions { MoreEndpoints = [.. endpoints.Skip(1)], Capacity = Capacity, TellLosses = false, Linger = TimeSpan.Zero });
        foreach (var listener in listeners)
        {
            var deaf = await RawPeer.AcceptAsync(listener);
            _deaf.Add(deaf);
            await deaf.IntroduceAsync("PULL");
        }
        await Eventually.IsTrueAsync(() => client.IsConnected);
        var message = new byte[400];

        await Eventually.IsTrueAsync(() =>
        {
            for (var n = 0; n < 1000; n++) client.TrySend(message);
            Assert.InRange(client.Statistics.Waiting, 0, Capacity + (peers + 1) * InSocketForEach);
            return client.Statistics.DroppedBecause(DropReason.Full) > 100_000;
        });
    }

    private TcpListener Listening()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = 4096;
        listener.Start();
        _deaf.Add(listener);
        return listener;
    }
}
