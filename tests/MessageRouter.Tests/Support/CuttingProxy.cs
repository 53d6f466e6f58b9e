using System.Net;
using System.Net.Sockets;

namespace MessageRouter.Tests.Support;

/// <summary>
/// Stands between the two ends of connections and cuts them: after so many more bytes have passed to the end that was connected to, what follows is read and thrown away, as by a network
/// that fails, and both ends are reset.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private long? _left;
    private TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CuttingProxy(int port)
    {
        _target = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Whether the bytes are counted that come from who was connected to, and not those of who has connected.</summary>
    public bool CountsAnswers { get; init; }

    /// <summary>What is waited for before who has connected is let through.</summary>
    public Func<Task> LetsIn { get; init; } = () => Task.CompletedTask;

    /// <summary>Cuts the connection over which so many more bytes have passed.</summary>
    /// <returns>Done when it is cut.</returns>
    public Task CutAfter(long bytes)
    {
        lock (_lock)
        {
            _left = bytes;
            _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _cut.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_closing.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket from)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (from)
        {
            try
            {
                await LetsIn();
                await to.ConnectAsync(_target, _closing.Token);
                await Task.WhenAny(PassAsync(from, to, counts: !CountsAnswers), PassAsync(to, from, counts: CountsAnswers));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // Either end has gone.
            }
            Reset(from);
            Reset(to);
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool counts)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _closing.Token) is > 0 and var count)
            {
                var passes = counts ? Take(count) : count;
                await to.SendAsync(buffer.AsMemory(0, passes), _closing.Token);
                if (passes == count) continue;
                _cut.SetResult();
                return;
            }

            // An end that is no break goes on to the other side, which ends in its turn.
            to.Shutdown(SocketShutdown.Send);
            await Task.Delay(Timeout.Infinite, _closing.Token).WaitAsync(TestNode.Patience);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either end has gone.
        }
    }

    private int Take(int count)
    {
        lock (_lock)
        {
            if (_left is not { } left) return count;
            if (left > count)
            {
                _left = left - count;
                return count;
            }
            _left = null;
            return (int)Math.Min(left, count - 1);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }
        socket.Dispose();
    }
}
