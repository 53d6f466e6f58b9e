using Akka.Configuration;
using BenchmarkDotNet.Attributes;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>What it costs to read a configuration in which every key stands; beside it, Akka's own reader.</summary>
[MemoryDiagnoser, ShortRunJob]
public class HoconReading
{
    private string _text = "";

    [GlobalSetup]
    public void Load() => _text = File.ReadAllText(Repository.File("hocon/reference.conf"));

    [Benchmark]
    public object Read() => HoconReader.ReadText("reference.conf", _text);

    [Benchmark]
    public object Akka() => ConfigurationFactory.ParseString(_text);
}
