using System.Buffers;
using System.Net.Sockets;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp;

/// <summary>
/// Writes to one connection what it is given, from one task that lives while there is something to write: small
/// messages are gathered, large ones are sent from where they are.
/// </summary>
/// <param name="socket">The connection, which does not block.</param>
/// <param name="written">Told of messages that the operating system has taken.</param>
/// <param name="failed">Told once, when the connection cannot be written to.</param>
/// <param name="ended">Cancelled when the connection has ended.</param>
internal sealed class ConnectionWriter(Socket socket, Action<int> written, Action<Exception> failed, CancellationToken ended)
{
    /// <summary>Bytes that are not kept back for more to come.</summary>
    private const int EnoughAtOnce = 32 << 10;

    /// <summary>Writes after which others may use the thread.</summary>
    private const int Turn = 16;

    /// <summary>Questions without an answer that are remembered: a peer that answers none is given up long before.</summary>
    private const int MostAsked = 10_000;

    /// <summary>Commands that wait among messages.</summary>
    private const int MostCommands = 8;

    /// <summary>Written messages after which it is asked which of them are confirmed, so that their list stays short.</summary>
    private const int MostOpen = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Queue<Item> _queue = [];

    /// <summary>For each question that is not answered, how many messages stand before it.</summary>
    private readonly Queue<long> _asked = [];

    private readonly SendBuffer _buffer = new();
    private byte[]? _pong;
    private bool _pings;
    private int _commands;
    private long _sent;
    private long _read;
    private bool _completed;
    private bool _shut;
    private Task? _writing;

    // Of the task that writes.
    private int _askAt = MostOpen;
    private int _turns;
    private int _usedBefore;
    private long _streamed;

    /// <inheritdoc cref="SendBuffer.Cipher"/>
    public IFrameCipher? Cipher
    {
        set => _buffer.Cipher = value;
    }

    public void Send(ZmtpBatch batch)
    {
        lock (_lock)
        {
            if (_completed || ended.IsCancellationRequested || batch.Count == 0) return;
            _queue.Enqueue(new Item(batch, null));
            Volatile.Write(ref _sent, _sent + batch.Count);
            Begin();
        }
    }

    /// <inheritdoc cref="IPeer.TrySend"/>
    public bool TrySend(byte[] command)
    {
        lock (_lock)
        {
            if (_completed || ended.IsCancellationRequested || _commands >= MostCommands) return false;
            _commands++;
            _queue.Enqueue(new Item(default, command));
            Begin();
            return true;
        }
    }

    /// <summary>Asks the peer, once, however often this is called before it can be written.</summary>
    public void Ping()
    {
        lock (_lock)
        {
            _pings = true;
            Begin();
        }
    }

    /// <summary>Answers the peer; only its last question, where it asks faster than it listens.</summary>
    public void Pong(byte[] frame)
    {
        lock (_lock)
        {
            _pong = frame;
            Begin();
        }
    }

    /// <summary>Takes nothing more, and tells the peer when everything is written that there will be nothing more.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_completed) return;
            _completed = true;
            Begin();
        }
    }

    /// <summary>Done when nothing is written any more; only to be asked after the connection's end.</summary>
    public Task Stopped
    {
        get
        {
            lock (_lock)
            {
                _completed = true;
                return _writing ?? Task.CompletedTask;
            }
        }
    }

    /// <inheritdoc cref="IPeer.Unconfirmed"/>
    public int Unconfirmed
    {
        get
        {
            lock (_lock)
            {
                if (_writing is { IsCompleted: false }) return 0;
                var bytes = SendQueue.Unconfirmed(socket);

                // The end of the stream counts as a byte.
                return Log.Confirm(_shut ? Math.Max(0, bytes - 1) : bytes);
            }
        }
    }

    /// <summary>Messages and bytes that the operating system has been given, and messages that it has not; nobody is waited for.</summary>
    public (long Messages, long Bytes, long Waiting) Traffic
    {
        get
        {
            // In this order: what is written later was sent before.
            var written = Log.Messages;
            return (written, Log.Bytes, Volatile.Read(ref _sent) - written);
        }
    }

    /// <summary>Whether the peer may still have messages to read: more than stood before the last question that it has answered.</summary>
    public bool IsAheadOfPeer
    {
        get
        {
            lock (_lock) return _sent > _read;
        }
    }

    /// <summary>The peer has answered the oldest of its questions.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            if (_asked.TryDequeue(out var before)) _read = before;
        }
    }

    private SentLog Log => _buffer.Log;

    private void Begin()
    {
        if (_writing is not null || _shut || ended.IsCancellationRequested) return;
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    private async Task WriteAsync()
    {
        // Kept here too: by the time that this task gives it back the next one may have begun.
        var memory = _buffer.Rent();
        try
        {
            while (!ended.IsCancellationRequested)
            {
                if (TakeCommand() is { } command) await WriteCommandAsync(command);
                else if (TakeItem() is { } item) await (item.Command is { } among ? WriteCommandAsync(among) : WriteAsync(item.Batch));
                else if (_buffer.Used > 0) await FlushSoonAsync();
                else if (Rest()) return;
            }
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    private byte[]? TakeCommand()
    {
        lock (_lock)
        {
            if (_pong is { } pong)
            {
                _pong = null;
                return pong;
            }
            if (!_pings) return null;
            _pings = false;
            if (_asked.Count < MostAsked) _asked.Enqueue(_streamed);
            return Command.Ping;
        }
    }

    private Item? TakeItem()
    {
        lock (_lock)
        {
            if (!_queue.TryDequeue(out var item)) return null;
            if (item.Command is not null) _commands--;
            return item;
        }
    }

    /// <summary>Ends this task unless there is something new to write.</summary>
    private bool Rest()
    {
        lock (_lock)
        {
            if (_queue.Count > 0 || _pings || _pong is not null) return false;
            if (_completed && !_shut)
            {
                _shut = true;
                socket.Shutdown(SocketShutdown.Send);
            }
            _writing = null;
            return true;
        }
    }

    private async ValueTask WriteCommandAsync(byte[] frame)
    {
        while (!_buffer.TryAddCommand(frame)) await FlushAsync();
    }

    private async ValueTask WriteAsync(ZmtpBatch batch)
    {
        for (var i = 0; i < batch.Count;)
        {
            var added = _buffer.Add(batch, i);
            i += added;
            _streamed += added;
            if (i == batch.Count) return;
            if (_buffer.Used > 0)
            {
                await FlushAsync();
                continue;
            }
            Log.AddMessage(_buffer.SizeAt(batch, i));
            await WriteLargeAsync(batch[i++]);
            _streamed++;
        }
    }

    private async ValueTask WriteLargeAsync(ZmtpMessage message)
    {
        for (var i = 0; i < message.FrameCount; i++) await WriteLargeAsync(message.FrameAt(i), more: i < message.FrameCount - 1);
    }

    private async ValueTask WriteLargeAsync(ReadOnlyMemory<byte> frame, bool more)
    {
        while (!_buffer.TryAddFrame(frame.Span, more))
        {
            if (_buffer.Used == 0)
            {
                var body = _buffer.TryAddHeader(frame, more)!.Value;
                await FlushAsync();
                await SendAsync(body);
                return;
            }
            await FlushAsync();
        }
    }

    /// <summary>
    /// Lets others who are about to run go first, until they bring no more: where there is much to do there is more to write at once then,
    /// and where there is not it takes no time.
    /// </summary>
    private async ValueTask FlushSoonAsync()
    {
        if (_buffer.Used > EnoughAtOnce || _buffer.Used == _usedBefore)
        {
            _usedBefore = 0;
            await FlushAsync();
            return;
        }
        _usedBefore = _buffer.Used;
        await Task.Yield();
    }

    private async ValueTask FlushAsync()
    {
        if (_buffer.Used == 0) return;
        await SendAsync(_buffer.Bytes);
        _buffer.Clear();
    }

    /// <summary>
    /// What the system has no room for is sent a message at a time: of a send that is waited for and fails nobody
    /// knows how much has left, but it was less than that message.
    /// </summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                sent = await socket.SendAsync(bytes[..(int)Math.Min(bytes.Length, Log.RestOfMessage)], SocketFlags.None, ended);
            else if (error is not SocketError.Success)
                throw new SocketException((int)error);
            else if (++_turns % Turn == 0)
                await Task.Yield();
            bytes = bytes[sent..];
            var count = Log.Taken(sent);
            if (count > 0) written(count);
        }
        if (Log.Open > _askAt) _askAt = MostOpen + 2 * Log.Confirm(SendQueue.Unconfirmed(socket));
    }

    /// <summary>Messages, or a command that stands among them.</summary>
    private readonly record struct Item(ZmtpBatch Batch, byte[]? Command);
}
