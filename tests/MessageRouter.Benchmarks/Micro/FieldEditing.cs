using System.Text;
using BenchmarkDotNet.Attributes;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Filters;
using MessageRouter.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What it costs to change one field of a message: in its bytes, as <c>set</c> and <c>remove</c> do, and in its tree, as C#
/// code does. What the tree costs by itself is the baseline.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public class FieldEditing
{
    private static readonly FieldPath Number = FieldPath.Parse("n");

    private Message _message = null!;

    [Params(100, 1000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Make() => _message = Message.FromJson(Payload.Json(Size));

    [Benchmark]
    public Message Set()
    {
        JsonEdit.TrySet(FieldEdit.ObjectOf(_message).Span, Number, "18"u8, out var edited, out _);
        return _message.WithPayload(edited, MessageFormat.Json);
    }

    [Benchmark]
    public Message Remove()
    {
        JsonEdit.TryRemove(FieldEdit.ObjectOf(_message).Span, Number, out var edited);
        return _message.WithPayload(edited, MessageFormat.Json);
    }

    [Benchmark]
    public ReadOnlyMemory<byte> EditTree() => _message.Edit(body => body["n"] = 18).Payload;

    [Benchmark(Baseline = true)]
    public byte[] TreeAlone() => Encoding.UTF8.GetBytes(JObject.Parse(Encoding.UTF8.GetString(_message.Payload.Span)).ToString(Formatting.None));
}
