using BenchmarkDotNet.Attributes;
using MessageRouter.Benchmarks.Wire;
using MessageRouter.Json;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>What it costs an input to check that a message is JSON.</summary>
[MemoryDiagnoser, ShortRunJob]
public class DecodeCheck
{
    private byte[] _json = [];

    [Params(100, 1000, 10_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Make() => _json = Payload.Json(Size);

    [Benchmark]
    public bool Json() => JsonCheck.IsDocument(_json, out _);
}
