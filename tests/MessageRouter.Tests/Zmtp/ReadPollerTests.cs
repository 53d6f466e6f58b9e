using System.Net;
using System.Net.Sockets;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

public sealed class ReadPollerTests : IAsyncLifetime
{
    private readonly ReadPoller _poller = new();
    private Socket _near = null!;
    private Socket _far = null!;

    public async Task InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _far.ConnectAsync(listener.LocalEndPoint!);
        _near = await listener.AcceptAsync();
        _near.Blocking = false;
    }

    public Task DisposeAsync()
    {
        _poller.Dispose();
        _near.Dispose();
        _far.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Tells_of_what_came_before_it_watched()
    {
        _far.Send([1]);
        using var waiter = _poller.Watch(_near);

        await Patiently(waiter.WaitAsync());

        Assert.Equal(1, _near.Receive(new byte[9]));
    }

    [Fact]
    public async Task Tells_of_all_that_comes_however_often_it_is_waited_for()
    {
        using var waiter = _poller.Watch(_near);
        for (var i = 0; i < 100; i++)
        {
            var wait = waiter.WaitAsync();
            _far.Send([1, 2]);
            await Patiently(wait);
            for (var read = 0; read < 2;)
            {
                read += Math.Max(0, _near.Receive(new byte[9], SocketFlags.None, out var error));
                if (error == SocketError.WouldBlock) await Patiently(waiter.WaitAsync());
            }
        }
    }

    [Fact]
    public async Task Says_that_the_peer_has_ended_where_that_came_together_with_something_to_read()
    {
        _far.Send([1]);
        _far.Shutdown(SocketShutdown.Send);
        using var waiter = _poller.Watch(_near);
        while (!waiter.HasEnded) await Patiently(waiter.WaitAsync());

        Assert.Equal(1, _near.Receive(new byte[9]));
        Assert.Equal(0, _near.Receive(new byte[9]));
    }

    [Fact]
    public async Task Anybody_can_end_the_wait()
    {
        using var waiter = _poller.Watch(_near);
        var wait = waiter.WaitAsync();
        Assert.False(wait.IsCompleted);

        waiter.Signal();

        await Patiently(wait);
        Assert.False(waiter.HasEnded);
    }

    [Fact]
    public async Task Says_nothing_of_a_connection_that_is_not_watched_any_more()
    {
        var waiter = _poller.Watch(_near);
        var wait = waiter.WaitAsync();
        waiter.Dispose();
        using var other = _poller.Watch(await AnotherAsync());
        _far.Send([1]);

        await Patiently(other.WaitAsync());

        Assert.False(wait.IsCompleted);
    }

    /// <summary>A connection that has something to read.</summary>
    private static async Task<Socket> AnotherAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(listener.LocalEndPoint!);
        far.Send([1]);
        return await listener.AcceptAsync();
    }

    private static Task Patiently(ValueTask wait) => wait.AsTask().WaitAsync(TestNode.Patience);
}
