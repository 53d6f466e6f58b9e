using MessageRouter.Cli.Testing;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using MessageRouter.Testing.Reading;
using MessageRouter.Testing.Running;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MessageRouter.Tests.Repository;

/// <summary>Every file in <c>hocon/</c> is a node that can be started.</summary>
public sealed class HoconFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.File("hocon"), "*.conf").Select(path => Path.GetFileName(path))];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Is_valid(string file)
    {
        new RouterBuilder().FromFiles(Repository.File($"hocon/{file}")).Build(out var warnings);

        Assert.Empty(warnings);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Runs_and_ends_with_a_balanced_ledger(string file)
    {
        var path = Repository.File($"hocon/{file}");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IStandardStreams, NoStreams>();
        builder.Services.AddMessageRouter(router => router.FromFiles(path).Override(Elsewhere(path)));
        using var host = builder.Build();

        await host.StartAsync().WaitAsync(TestNode.Patience);
        await host.StopAsync().WaitAsync(TestNode.Patience);

        var ledger = host.Services.GetRequiredService<RouterNode>().Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.All(ledger.Components, line => Assert.Equal(0, line.Queued));
    }

    [Fact]
    public void Every_node_but_the_reference_has_tests() =>
        Assert.Equal(Names("hocon").Where(name => name != "reference.conf"), Names("hocon/tests"));

    [Fact]
    public async Task Every_node_passes_its_tests()
    {
        var files = TestFiles.Read([Repository.File("hocon/tests")], new HoconReaderOptions());
        Assert.Empty(DiagnosticPrinter.Print(files.SelectMany(file => file.Diagnostics)));
        var failures = new List<string>();

        await TestRunner.RunAsync([.. files.SelectMany(file => file.Tests)], result => failures.AddRange(result.Failures.Select(failure => $"{result.Test.Name}: {TestReport.Describe(failure)}"))).WaitAsync(TestNode.Patience * 4);

        Assert.Empty(failures);
    }

    [Fact]
    public void The_reference_names_every_key_of_worker_processes()
    {
        var text = File.ReadAllText(Repository.File("hocon/reference.conf"));
        var workers = text[text.IndexOf("\n  workers {", StringComparison.Ordinal)..];
        foreach (var key in MessageRouter.Configuration.Binding.OptionsSchema.Of(typeof(MessageRouter.Configuration.WorkerGroupSection)).Keys)
            Assert.Matches($@"\b{key.Name} (=|\{{)", workers);
    }

    [Fact]
    public void The_reference_names_every_built_in_component_and_every_key()
    {
        var text = File.ReadAllText(Repository.File("hocon/reference.conf"));
        foreach (var type in BuiltIns.Registry().Types.Where(type => type.Name is not ("stderr" or "test")))
        {
            Assert.Matches($@"type = {type.Name}\b", text);
            var keys = type.OptionsType is { } options ? MessageRouter.Configuration.Binding.OptionsSchema.Of(options).Keys : [];
            foreach (var key in keys.Where(key => key.Name != "connect")) Assert.Matches($@"\b{key.Name} (=|\{{)", text);
        }
        foreach (var options in (Type[])[typeof(RetryOptions), typeof(AsyncOptions)])
            Assert.All(MessageRouter.Configuration.Binding.OptionsSchema.Of(options).Keys, key => Assert.Matches($@"\b{key.Name} =", text));
    }

    private static IEnumerable<string?> Names(string folder) => Directory.GetFiles(Repository.File(folder), "*.conf").Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>Free ports and a folder of the test's own in place of the file's.</summary>
    private IEnumerable<string> Elsewhere(string path)
    {
        var node = new RouterBuilder().FromFiles(path).Build();

        // The interop tests start them: here no program is called message-router.
        foreach (var group in node.Workers)
            yield return $"router.workers.{(group.Name == "workers" ? "" : group.Name + ".")}instances=0";
        if (node.Cluster is not null)
        {
            var address = Zmq.FreeEndpoint()["tcp://".Length..];
            yield return $"router.cluster.bind=\"{address}\"";
            yield return $"router.cluster.seed-nodes=[\"{address}\"]";
        }
        foreach (var component in node.Components)
        {
            var options = component.Options?.GetType();
            if (options?.GetProperty("Bind")?.GetValue(component.Options) is IEnumerable<string> bind && bind.Any())
                yield return $"router.{component.FullName}.bind=\"tcp://127.0.0.1:0\"";
            if (component.Type.Name == "file")
                yield return $"router.{component.FullName}.path=\"{Path.Combine(_folder.FullName, component.Name)}\"";
        }
    }

    private sealed class NoStreams : IStandardStreams
    {
        public Stream OpenInput() => Stream.Null;

        public Stream OpenOutput() => Stream.Null;

        public Stream OpenError() => Stream.Null;
    }
}
