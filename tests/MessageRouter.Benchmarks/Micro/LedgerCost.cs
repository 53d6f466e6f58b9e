using BenchmarkDotNet.Attributes;
using MessageRouter.Hosting;
using MessageRouter.Ledger;
using MessageRouter.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>What the ledger costs: for a batch on its way through a component, for a dropped message, and when somebody looks.</summary>
[MemoryDiagnoser, ShortRunJob]
public class LedgerCost
{
    private const int Filters = 20;

    private readonly ComponentCounts _counts = new();
    private RouterNode _node = null!;

    [GlobalSetup]
    public void Make()
    {
        var builder = new RouterBuilder();
        builder.Input("in", "null", to: "f1");
        for (var i = 1; i <= Filters; i++) builder.Filter($"f{i}", "all", to: i < Filters ? $"f{i + 1}" : "out");
        builder.Output("out", "null");
        var services = new ServiceCollection().AddComponentServices().BuildServiceProvider();
        _node = new RouterNode(builder.Build(), services, NullLoggerFactory.Instance, TimeProvider.System);
    }

    [Benchmark]
    public void CountBatch()
    {
        _counts.In.Add(64);
        _counts.Out.Add(64);
    }

    [Benchmark]
    public void CountDropped() => _counts.Dropped.Add(DropReasons.MailboxFull, 1);

    [Benchmark]
    public LedgerSnapshot Snapshot() => _node.Ledger();

    [Benchmark]
    public string SnapshotAsJson() => _node.Ledger().ToJson();
}
