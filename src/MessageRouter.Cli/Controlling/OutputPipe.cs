using System.Text;

namespace MessageRouter.Cli.Controlling;

/// <summary>Nobody reads the standard output any more: what writes on and on has come to its end, and well.</summary>
internal sealed class NobodyReadsException() : Exception("Nobody reads the standard output.");

/// <summary>The standard output of a command that writes on and on: what was written is there at once, and it is noticed when nobody reads any more.</summary>
internal sealed class OutputPipe(Surroundings surroundings) : IDisposable
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    private readonly Stream _stream = surroundings.OpenOutput();

    /// <exception cref="NobodyReadsException">Nobody does.</exception>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string)"/>
    public void WriteLine(string text) => Write(text + "\n");

    /// <summary>Writes bytes and ends the line.</summary>
    /// <inheritdoc cref="Write(string)"/>
    public void WriteLine(ReadOnlySpan<byte> bytes) => Write([.. bytes, .. NewLine]);

    public void Dispose() => _stream.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            _stream.Flush();
        }
        catch (IOException)
        {
            throw new NobodyReadsException();
        }
    }
}
