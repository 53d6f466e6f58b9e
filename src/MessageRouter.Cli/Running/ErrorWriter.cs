using System.Globalization;
using System.Text;
using MessageRouter.Configuration.Secrets;

namespace MessageRouter.Cli.Running;

/// <summary>
/// The standard error output for whoever must not wait for its reader: it is written to by a thread of its own. What there is no room
/// for is left out, a whole write at a time, and counted; how much that was is written as soon as something is read again.
/// </summary>
/// <param name="stream">The stream behind it; writing to it may block for ever.</param>
internal sealed class ErrorWriter(Stream stream) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Bytes that wait for the reader at most.</summary>
    public const int Room = 1 << 20;

    private readonly object _gate = new();
    private readonly Queue<byte[]> _waiting = [];
    private bool _isRunning;
    private long _size;
    private long _leftOut;
    private long _leftOutUnsaid;

    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes that were left out.</summary>
    public long LeftOut
    {
        get
        {
            lock (_gate) return _leftOut;
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void WriteLine(string? value) => Write(value + CoreNewLine[0]);

    public override void WriteLine() => Write("\n");

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        var bytes = Encoding.GetBytes(value.StartsWith('{') ? KnownSecrets.HideInJson(value) : KnownSecrets.Hide(value));
        lock (_gate)
        {
            if (_size + bytes.Length > Room)
            {
                _leftOut++;
                _leftOutUnsaid++;
                return;
            }
            _waiting.Enqueue(bytes);
            _size += bytes.Length;
            if (!_isRunning) new Thread(Run) { IsBackground = true, Name = "stderr" }.Start();
            _isRunning = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Gives up what still waits where nobody reads it, for the log is at its end.</summary>
    /// <param name="patience">How long nothing may be read.</param>
    /// <param name="limit">How long it may take in all.</param>
    /// <returns>The writes that were left out, these included.</returns>
    public long Conclude(TimeSpan patience, TimeSpan limit)
    {
        Finish(patience, limit);
        lock (_gate)
        {
            _leftOut += _waiting.Count;

            // The first one is being written.
            if (_waiting.TryDequeue(out var first))
            {
                _waiting.Clear();
                _waiting.Enqueue(first);
                _size = first.Length;
            }
            return _leftOut;
        }
    }

    /// <summary>Waits, without a thread of the pool, until everything is written, as long as it goes on.</summary>
    /// <param name="patience">How long nothing may be read.</param>
    /// <param name="limit">How long it may take in all.</param>
    public void Finish(TimeSpan patience, TimeSpan limit)
    {
        var begun = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (_size > 0)
            {
                var left = limit - TimeProvider.System.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left < patience ? left : patience)) return;
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            byte[] bytes;
            long leftOut;
            lock (_gate)
            {
                while (_waiting.Count == 0) Monitor.Wait(_gate);
                bytes = _waiting.Peek();
            }
            TryWrite(bytes);
            lock (_gate)
            {
                _waiting.Dequeue();
                _size -= bytes.Length;
                (leftOut, _leftOutUnsaid) = (_leftOutUnsaid, 0);
                Monitor.PulseAll(_gate);
            }
            if (leftOut > 0) TryWrite(Encoding.GetBytes(string.Create(CultureInfo.InvariantCulture, $"… {leftOut} lines were left out here, since nobody read the standard error output.\n")));
        }
    }

    private void TryWrite(byte[] bytes)
    {
        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Its reader has gone, or its disk is full: there is nobody left to tell.
            lock (_gate) _leftOut++;
        }
    }
}
