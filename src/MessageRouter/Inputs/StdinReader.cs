using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Inputs;

/// <summary>
/// Reads lines on a thread of its own, since a read of the standard input blocks and cannot be called back. It
/// outlives restarts of its input, and so do the bytes it holds.
/// </summary>
internal sealed partial class StdinReader(
    Stream stream, ILogger logger, TimeProvider clock)
{
    private const int BatchSize = 256;

    /// <summary>What .NET makes of the operating system's EIO: a terminal that is there no more, or not for this process.</summary>
    private const int InputOutputError = 5;

    private readonly Lock _lock = new();
    private readonly LogThrottle _tooLargeLog = new(clock);

    // Only the reading thread uses these, except where _reading says that it is inside a read.
    private readonly LineSplitter _splitter = new(int.MaxValue - 2);
    private readonly ReadOnlyMemory<byte>[] _lines = new ReadOnlyMemory<byte>[BatchSize];
    private readonly Payloads.Builder _payloads = new();
    private long _tooLargeUnsaid;

    // Of the input that has started it last.
    private volatile Intake _intake = null!;
    private volatile Action<Exception> _reportFailure = null!;
    private volatile int _maxLineSize;

    // Under the lock.
    private bool _open;
    private bool _running;
    private bool _reading;
    private bool _finished;

    /// <summary>Reads, or goes on with it.</summary>
    /// <param name="intake">Where lines go from now on.</param>
    /// <param name="reportFailure">Who hears of what cannot be read.</param>
    /// <param name="maxLineSize">The longest line.</param>
    public void Start(Intake intake, Action<Exception> reportFailure, int maxLineSize)
    {
        lock (_lock)
        {
            (_intake, _reportFailure, _maxLineSize) = (intake, reportFailure, maxLineSize);
            if (_finished) return;
            _open = true;
            if (_running) return;
            _running = true;
        }
        new Thread(Run) { IsBackground = true, Name = "stdin" }.Start();
    }

    /// <summary>Reads no more until the next <see cref="Start"/>; what a read brings that is under way is handed in.</summary>
    public void Pause()
    {
        lock (_lock) _open = false;
    }

    /// <summary>
    /// Reads no more at all. What was read is handed in and the intake completed; a read that is under way is not waited
    /// for, and what it may still bring is counted, dropped where it comes too late.
    /// </summary>
    public void Stop()
    {
        lock (_lock)
        {
            _finished = true;
            _open = false;
            if (_running && !_reading) return;
            if (_splitter.Incomplete > 0) StoppedInLine(logger, _splitter.Incomplete);
        }
        _intake.Complete();
    }

    private void Run()
    {
        try
        {
            while (Read())
            {
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _running = false;
                _reading = false;
                if (!_finished)
                {
                    _reportFailure(exception);
                    return;
                }
            }

            // Who has stopped it may rely on this thread to say that nothing more comes.
            _intake.Complete();
        }
    }

    private bool Read()
    {
        _splitter.MaxLineSize = _maxLineSize;
        HandIn();
        Memory<byte> free;
        lock (_lock)
        {
            if (!_open)
            {
                _running = false;
                if (_finished) _intake.Complete();
                return false;
            }
            free = _splitter.Free;
            _reading = true;
        }

        var count = ReadInto(free.Span);

        bool stopped;
        lock (_lock)
        {
            _reading = false;
            stopped = _finished;
        }
        _splitter.Advance(count);
        if (stopped)
        {
            HandIn();
            return false;
        }
        if (count > 0) return true;

        _splitter.End();
        HandIn();
        lock (_lock)
        {
            _finished = true;
            _running = false;
        }
        _intake.Complete();
        return false;
    }

    private int ReadInto(Span<byte> free)
    {
        try
        {
            return stream.Read(free);
        }
        catch (IOException exception) when (exception.HResult == InputOutputError && OperatingSystem.IsLinux())
        {
            // Whoever reads again only hears the same.
            Gone(logger, exception.Message);
            return 0;
        }
    }

    private void HandIn()
    {
        int count;
        while ((count = _splitter.Take(_lines)) > 0)
        {
            // This thread has nothing else to do until there is room.
            foreach (var line in _lines.AsSpan(0, count)) _payloads.Add(line);
            _intake.AddAsync(MessageBatch.Of(_payloads.Take(), _intake.Format)).GetAwaiter().GetResult();
        }
        Array.Clear(_lines);

        var tooLarge = _splitter.TakeTooLarge();
        if (tooLarge == 0) return;
        _intake.Edge.Refuse(DropReasons.TooLarge, (int)tooLarge);
        _tooLargeUnsaid += tooLarge;
        _tooLargeLog.Write(_ =>
        {
            LinesTooLarge(logger, _tooLargeUnsaid, _maxLineSize);
            _tooLargeUnsaid = 0;
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped {Count} lines of more than {MaxLineSize} bytes, the value of `max-line-size`.")]
    private static partial void LinesTooLarge(ILogger logger, long count, int maxLineSize);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The standard input has ended, since it cannot be read any more: {Problem}.")]
    private static partial void Gone(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped in the middle of a line; the {Count} bytes of it that were read are no message.")]
    private static partial void StoppedInLine(ILogger logger, int count);
}
