using BenchmarkDotNet.Attributes;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>What it costs to read a configuration in which every key stands.</summary>
[MemoryDiagnoser, ShortRunJob]
public class HoconReading
{
    private string _text = "";

    [GlobalSetup]
    public void Load() => _text = File.ReadAllText(Repository.File("hocon/reference.conf"));

    [Benchmark]
    public object Read() => HoconReader.ReadText("reference.conf", _text);
}
