using System.Collections.Concurrent;
using MessageRouter.ZeroMq;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace MessageRouter.NetMq;

/// <summary>
/// One thread that polls a group of sockets. Sockets belong to it from <see cref="Add"/> on and are touched nowhere
/// else. Nothing that goes wrong on it ends the process: a handler's exception fails its own socket, one of the poller
/// itself fails all sockets of the group.
/// </summary>
internal sealed partial class NetMqLoop
{
    /// <summary>Subscriptions are kept in a tree that is walked by recursion, a level a byte.</summary>
    private const int StackSize = 16 << 20;

    private readonly ILogger _logger;
    private readonly NetMQPoller _poller = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<NetMqSocket> _sockets = [];
    private readonly Lock _lock = new();
    private readonly NetMQQueue<byte> _bell = new();
    private int _rung;
    private bool _over;

    public NetMqLoop(string name, ILogger logger)
    {
        _logger = logger;
        _bell.ReceiveReady += (_, _) => Answer();
        _poller.Add(_bell);
        new Thread(Run, StackSize) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Whether the thread has ended; what is posted then runs at once, on the caller's thread.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock) return _over;
        }
    }

    /// <summary>Has something done on the loop's thread. Many posts make one wake-up. Callable from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _rung, 1) == 0) Ring();
    }

    /// <summary>Takes over a socket that no thread will touch any more but this one.</summary>
    public void Add(NetMqSocket socket) => Post(() =>
    {
        if (_over)
        {
            socket.Fail(new EndpointException("The thread that polls the sockets has ended."));
            return;
        }
        _sockets.Add(socket);
        foreach (var part in socket.Parts) _poller.Add(part);
    });

    /// <summary>Closes a socket; only on the loop's thread.</summary>
    public void RemoveAndDispose(NetMqSocket socket)
    {
        var polled = _sockets.Remove(socket) && !_over;
        foreach (var part in socket.Parts.Where(part => !part.IsDisposed))
        {
            if (polled) _poller.RemoveAndDispose(part);
            else part.Dispose();
        }
    }

    /// <summary>Closes what is still open and ends the thread, when everything that was posted before is done.</summary>
    public Task StopAsync()
    {
        Post(() =>
        {
            foreach (var socket in _sockets.ToList()) RemoveAndDispose(socket);
            if (!_over) _poller.StopAsync();
        });
        return _ended.Task;
    }

    private void Ring()
    {
        lock (_lock)
        {
            if (_over) RunPosted();
            else _bell.Enqueue(0);
        }
    }

    private void Answer()
    {
        while (_bell.TryDequeue(out _, TimeSpan.Zero))
        {
        }
        RunPosted();
    }

    private void RunPosted()
    {
        Interlocked.Exchange(ref _rung, 0);

        // Not until it is empty: what posts itself again waits for its turn behind the other sockets.
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var action); count--)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                PostFailed(_logger, exception);
            }
        }
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            _poller.Run();
        }
        catch (Exception exception)
        {
            failure = exception;
            PollerFailed(_logger, exception);
        }

        lock (_lock)
        {
            _over = true;
            RunPosted();
        }
        if (failure is not null)
        {
            foreach (var socket in _sockets.ToList()) socket.Fail(failure);
        }
        try
        {
            _poller.Dispose();
            _bell.Dispose();
        }
        catch (Exception exception)
        {
            PollerFailed(_logger, exception);
        }
        _ended.SetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A step on a ZeroMQ thread failed.")]
    private static partial void PostFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A ZeroMQ thread has ended by a failure; its sockets are opened again.")]
    private static partial void PollerFailed(ILogger logger, Exception exception);
}
