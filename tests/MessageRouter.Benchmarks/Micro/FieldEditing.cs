using System.Text;
using BenchmarkDotNet.Attributes;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Json;
using MessageRouter.Zmtp;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What it costs to change one field of a message: in its bytes, as <c>set</c> and <c>remove</c> do and C# code
/// by With and Without, and in its tree. What the tree costs by itself is the baseline.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public class FieldEditing
{
    private static readonly FieldPath Number = FieldPath.Parse("n");

    private readonly PayloadCopies _copies = new();
    private Message _message = null!;

    [Params(100, 1000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Make() => _message = Message.FromJson(Payload.Json(Size));

    [Benchmark]
    public int Set()
    {
        JsonEdit.TrySet(JsonEdit.ObjectOf(_message.Payload.Span, MessageFormat.Json), Number, "18"u8, out var edited, out _);
        return Write(edited);
    }

    [Benchmark]
    public int Remove()
    {
        JsonEdit.TryRemove(JsonEdit.ObjectOf(_message.Payload.Span, MessageFormat.Json), Number, out var edited);
        return Write(edited);
    }

    [Benchmark]
    public Message With() => _message.With("n", 18);

    [Benchmark]
    public Message Without() => _message.Without("n");

    [Benchmark]
    public ReadOnlyMemory<byte> EditTree() => _message.Edit(body => body["n"] = 18).Payload;

    [Benchmark(Baseline = true)]
    public byte[] TreeAlone() => Encoding.UTF8.GetBytes(JObject.Parse(Encoding.UTF8.GetString(_message.Payload.Span)).ToString(Formatting.None));

    private int Write(JsonSplice edited)
    {
        var payload = _copies.Take(edited.Length);
        edited.WriteTo(payload.Span);
        return payload.Length;
    }
}
