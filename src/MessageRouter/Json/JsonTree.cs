using System.Buffers;
using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Json;

/// <summary>
/// The tree that filter authors read and edit, to and from bytes. Buffers are used again: made anew for each message they would be more
/// work for the garbage collector than the tree.
/// </summary>
internal static class JsonTree
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    [ThreadStatic]
    private static Output? _output;

    public static JToken Parse(ReadOnlySpan<byte> json)
    {
        using var reader = new JsonTextReader(new StringReader(Utf8.GetString(json)))
        {
            ArrayPool = CharPool.Instance,
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
        };
        return JToken.ReadFrom(reader);
    }

    public static byte[] Write(JToken body)
    {
        // Taken out: what fails half-way is not used again, and a tree may have members that write trees.
        var output = _output ?? new Output();
        _output = null;
        using (var writer = new Writer(output.Text) { ArrayPool = CharPool.Instance, CloseOutput = false, Formatting = Formatting.None, Culture = CultureInfo.InvariantCulture })
            body.WriteTo(writer);
        var written = output.Take();
        _output = output;
        return written;
    }

    /// <summary>Newtonsoft's writes what is no number in JSON, such as the infinity that it reads <c>1e999</c> as, in quotes.</summary>
    private sealed class Writer(TextWriter text) : JsonTextWriter(text)
    {
        public override void WriteValue(double value) => base.WriteValue(double.IsFinite(value) ? value : throw OutOfRange());

        public override void WriteValue(float value) => base.WriteValue(float.IsFinite(value) ? value : throw OutOfRange());

        private static MessageException OutOfRange() => new("The tree has a number that is out of range, which JSON cannot have.");
    }

    /// <summary>Collects one text after the other.</summary>
    private sealed class Output
    {
        private const int BufferSize = 1024;
        private const int MostKept = 64 << 10;

        private readonly MemoryStream _bytes = new(BufferSize);

        public Output() => Text = new StreamWriter(_bytes, Utf8, BufferSize);

        public StreamWriter Text { get; }

        public byte[] Take()
        {
            Text.Flush();
            var taken = _bytes.ToArray();
            _bytes.SetLength(0);
            if (_bytes.Capacity > MostKept) _bytes.Capacity = BufferSize;
            return taken;
        }
    }

    private sealed class CharPool : IArrayPool<char>
    {
        public static readonly CharPool Instance = new();

        public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(minimumLength);

        public void Return(char[]? array)
        {
            if (array is not null) ArrayPool<char>.Shared.Return(array);
        }
    }
}
