using BenchmarkDotNet.Attributes;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>What it costs to read one field of a message: as the <c>key</c> filter does, as C# code does, and as a tree.</summary>
[MemoryDiagnoser, ShortRunJob]
public class FieldRead
{
    private static readonly FieldPath Level = FieldPath.Parse("level");

    private Message _message = null!;

    [Params(100, 1000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Make() => _message = Message.FromJson(Payload.Json(Size));

    [Benchmark(Baseline = true)]
    public bool Bytes() => _message.TryFindField(Level, out var value) && value.ValueEquals(_message.Payload.Span, "error"u8);

    [Benchmark]
    public bool Indexer() => _message["level"] == "error";

    [Benchmark]
    public JToken? Field() => _message.Field("level");

    [Benchmark]
    public bool Tree() => (string?)_message.Parse()["level"] == "error";
}
