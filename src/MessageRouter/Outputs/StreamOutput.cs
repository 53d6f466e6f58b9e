using MessageRouter.Components;

namespace MessageRouter.Outputs;

/// <summary>
/// Writes lines to a stream that somebody may be looking at: nothing stays in the buffer while there is nothing more
/// to write. When the other end of a pipe has been closed, as <c>head</c> does, the output is stopped, since nothing
/// can open it again.
/// </summary>
internal abstract class StreamOutput : LineOutput
{
    // EPIPE has this number on every Unix; there the code of an IOException is the error number.
    private const int BrokenPipe = 32;

    private Stream _stream = Stream.Null;

    protected abstract Stream OpenStream();

    protected override void Open() => _stream = OpenStream();

    protected override void WriteLines(ReadOnlySpan<byte> lines)
    {
        try
        {
            _stream.Write(lines);
            _stream.Flush();
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            throw new OutputClosedException("The reader at the other end of the pipe has closed it.", exception);
        }
    }

    private protected override void AfterDelivery()
    {
        if (Cell.Mailbox.Queued == 0) Flush();
    }
}

/// <summary>Writes to the standard output.</summary>
internal sealed class StdoutOutput(IStandardStreams? streams = null) : StreamOutput
{
    protected override Stream OpenStream() => (streams ?? StandardStreams.Instance).OpenOutput();
}

/// <summary>Writes to the standard error output.</summary>
internal sealed class StderrOutput(IStandardStreams? streams = null) : StreamOutput
{
    protected override Stream OpenStream() => (streams ?? StandardStreams.Instance).OpenError();
}
