using System.IO.Pipes;
using MessageRouter.Cluster.Streams;
using MessageRouter.Components;
using MessageRouter.CSharp;
using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.TestKit;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.TestKit;

/// <summary>Every built-in component keeps the contract; one more component is one more class here.</summary>
public sealed class BuiltInContracts
{
    public static TheoryData<string> BuiltInTypes => [.. BuiltIns.Registry().Types.Select(type => type.ActorType.FullName!)];

    [Theory]
    [MemberData(nameof(BuiltInTypes))]
    public void Stand_for_every_built_in_component(string type)
    {
        Assert.Contains(type, Contracts.Value);
    }

    private static readonly Lazy<IReadOnlySet<string>> Contracts = new(() => typeof(BuiltInContracts).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(ComponentContract)))
        .Select(type =>
        {
            using var contract = (ComponentContract)Activator.CreateInstance(type)!;
            return contract.Component.FullName!;
        })
        .ToHashSet());
}

public sealed class NullFilterContract() : ComponentContract(typeof(NullFilter));

public sealed class AllFilterContract() : ComponentContract(typeof(AllFilter));

public sealed class TeeFilterContract() : ComponentContract(typeof(TeeFilter));

public sealed class KeyFilterContract() : ComponentContract(typeof(KeyFilter), "key = level, match = error", """{"level":"error"}""");

public sealed class CSharpFilterContract()
    : ComponentContract(typeof(CSharpFilter), """"when = """message["level"] == "error" """ """", """{"level":"error"}""");

public sealed class SetFilterContract() : ComponentContract(typeof(SetFilter), "fields { site = berlin }");

public sealed class RemoveFilterContract() : ComponentContract(typeof(RemoveFilter), "fields = [password]");

public sealed class RenameFilterContract() : ComponentContract(typeof(RenameFilter), "fields { msg = message }");

public sealed class GapDetectFilterContract() : ComponentContract(typeof(GapDetectFilter), "field = seq, by = [host]", """{"seq":1,"host":"a"}""");

public sealed class DelayFilterContract() : ComponentContract(typeof(DelayFilter), "delay = 1s")
{
    protected override TimeSpan HoldsFor => TimeSpan.FromSeconds(1);
}

public sealed class NullOutputContract() : ComponentContract(typeof(NullOutput));

public sealed class TestOutputContract() : ComponentContract(typeof(TestOutput));

public sealed class StdoutOutputContract() : ComponentContract(typeof(StdoutOutput))
{
    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IStandardStreams>(new TestStreams());
}

public sealed class StderrOutputContract() : ComponentContract(typeof(StderrOutput))
{
    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IStandardStreams>(new TestStreams());
}

public sealed class FileOutputContract() : ComponentContract(typeof(FileOutput), $"path = \"{Path}\"")
{
    private static readonly string Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"message-router-{Guid.NewGuid()}.log");

    protected override TimeSpan HoldsFor => TimeSpan.FromSeconds(1);

    protected override void CheckClosed()
    {
        // Where there is no list of open files, the system refuses this while somebody writes.
        if (!Directory.Exists("/proc/self/fd")) new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
        else Assert.DoesNotContain(Path, Directory.EnumerateFiles("/proc/self/fd").Select(open => new FileInfo(open).LinkTarget));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(Path);
    }
}

public sealed class DistributorOutputContract() : SenderContract(typeof(DistributorOutput), "", Zmq.FreeEndpoint());

public sealed class ClusterOutputContract() : ConnectedContract(typeof(ClusterOutput), "stream = jobs")
{
    private readonly FakeCluster _cluster = new();
    private TestNode? _worker;

    public override async Task InitializeAsync() => _worker = await _cluster.StartAsync("worker", Some.Component<ClusterInput>("work", new ClusterInput.Options { Stream = "jobs" }));

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton(_cluster.Join("subject"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _worker!.DisposeAsync();
    }
}

public sealed class ClusterInputContract() : ComponentContract(typeof(ClusterInput), "stream = jobs")
{
    private readonly FakeCluster _cluster = new();
    private readonly List<TestNode> _feeders = [];

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton(_cluster.Join("subject"));

    /// <remarks>By a new node each time: what is sent over a connection that the restart ends is lost.</remarks>
    protected override async Task FeedAsync(ComponentUnderTest subject)
    {
        var source = new ProbeSource();
        _feeders.Add(await _cluster.StartAsync($"feeder-{_feeders.Count}", source.Input(), Some.Component<ClusterOutput>("feed", new ClusterOutput.Options { Stream = "jobs" })));
        source.Send("{}");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var feeder in _feeders) await feeder.DisposeAsync();
    }
}

public sealed class NullInputContract() : ComponentContract(typeof(NullInput))
{
    /// <remarks>It reads nothing, so that nothing but its intake can bring it a message.</remarks>
    protected override Task FeedAsync(ComponentUnderTest subject)
    {
        subject.Send("{}");
        return Task.CompletedTask;
    }
}

public sealed class GeneratorInputContract() : ComponentContract(typeof(GeneratorInput), "rate = 1")
{
    protected override Task FeedAsync(ComponentUnderTest subject) => subject.AdvanceAsync(TimeSpan.FromSeconds(1));
}

public sealed class StdinInputContract() : ComponentContract(typeof(StdinInput))
{
    private readonly Stack<AnonymousPipeServerStream> _writers = [];

    protected override void ConfigureServices(IServiceCollection services)
    {
        _writers.Push(new AnonymousPipeServerStream(PipeDirection.Out));
        services.AddSingleton<IStandardStreams>(new TestStreams { Input = new AnonymousPipeClientStream(PipeDirection.In, _writers.Peek().ClientSafePipeHandle) });
    }

    protected override Task FeedAsync(ComponentUnderTest subject)
    {
        _writers.Peek().Write("{}\n"u8);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var writer in _writers) await writer.DisposeAsync();
    }
}
