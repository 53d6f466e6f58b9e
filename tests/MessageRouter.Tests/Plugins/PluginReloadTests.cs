using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MessageRouter.Tests.Plugins;

public sealed class PluginReloadTests : IDisposable
{
    private const string Filter = "filters { f { class = Mark, to = out } }\n outputs { out { type = test } }";

    private const string Pool = "filters { f { class = Mark, instances = 3, route = hash(n), to = out } }\n outputs { out { type = test } }";

    private const string Output = "filters { f { type = null, to = [out, mark] } }\n outputs { out { type = test }, mark { class = Mark, file = \"{folder}/marked\" } }";

    /// <summary>The bytes of the last section of an image, which is mostly padding.</summary>
    private const int LastSection = 512;

    /// <summary>A component that does all that would hold it if the router let it: options, a logger, a message and a timer of its own, errors.</summary>
    private const string Marking = """
        public sealed class Mark : {base}
        {
            private readonly Options options;

            public Mark(Options options, Microsoft.Extensions.Logging.ILogger<Mark> logger, TimeProvider clock)
            {
                this.options = options;
                Receive<Tick>(tick => { });
            }

            protected override void Open() => Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.FromSeconds(1));

            {work}

            private Message Marked(Message message)
            {
                if (message["n"].ToString().EndsWith("3")) throw new MessageException("not three", new Refused());
                return message.Edit(body => body["by"] = Version.Text);
            }

            public sealed record Options { public string File { get; init; } = ""; }

            private sealed record Tick;

            private sealed class Refused : Exception;
        }
        """;

    private const string MarkingByLibrary =
        "public sealed class Mark : FilterActor { protected override Message? Filter(Message message) => message.Edit(body => body[\"by\"] = Version.Text()); }";

    private readonly TempFolder _folder = new();
    private readonly PluginFolder _plugins;

    public PluginReloadTests() => _plugins = new PluginFolder(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Filter)]
    [InlineData(Pool)]
    [InlineData(Output)]
    public async Task A_build_takes_the_place_of_the_one_before_it_which_is_unloaded(string components)
    {
        Build(components, "1");
        await using var node = await TestNode.StartAsync(Read(components));
        var before = await SendAsync(node, 0, "1");

        Build(components, "2");
        await ReloadAsync(node, components);
        var after = await SendAsync(node, 10, "1", "2");

        await AssertUnloadedAsync(before);
        Assert.True(after.IsAlive);
    }

    [Fact]
    public async Task A_host_keeps_nothing_of_what_its_node_was_at_first()
    {
        Build(Filter, "1");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMessageRouter(Read(Filter));
        using var host = builder.Build();
        await host.StartAsync();
        var node = host.Services.GetRequiredService<RouterNode>();
        var before = ContextOf(node);

        Build(Filter, "2");
        await node.ReloadAsync(Read(Filter));

        await AssertUnloadedAsync(before);
        await host.StopAsync();
    }

    [Fact]
    public async Task What_has_not_been_built_again_is_not_touched()
    {
        Build(Filter, "1");
        await using var node = await TestNode.StartAsync(Read(Filter));
        File.SetLastWriteTimeUtc(_plugins["Acme.dll"], DateTime.UnixEpoch);

        Assert.False(node.Node.PlanReload(Read(Filter)).ChangesAnything);
        Assert.Equal(
            [BlockAction.ChangedInPlace],
            node.Node.PlanReload(Read(Filter.Replace("to = out", "mailbox.capacity = 5, to = out", StringComparison.Ordinal))).Blocks.Select(block => block.Action).Where(action => action != BlockAction.Untouched));
    }

    [Fact]
    public async Task A_library_that_was_built_again_has_the_plug_in_be_another_one()
    {
        _plugins.Compile("Acme.dll", MarkingByLibrary, references: Library("1"));
        await using var node = await TestNode.StartAsync(Read(Filter));
        node.CellOf("inputs/in").Intake!.TryAdd(MessageBatch.Of([Message.FromJson("{}")]));
        var before = ContextOf(node.Node);

        Library("2");
        await ReloadAsync(node, Filter);
        node.CellOf("inputs/in").Intake!.TryAdd(MessageBatch.Of([Message.FromJson("{}")]));

        await Eventually.IsTrueAsync(() => node.Texts("outputs.out").Count == 2);
        Assert.Equal(["""{"by":"1"}""", """{"by":"2"}"""], node.Texts("outputs.out"));
        await AssertUnloadedAsync(before);
    }

    /// <summary>What a reader of the file may see while a build or a copy writes it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_wholly_written_is_not_taken(bool isCut)
    {
        Build(Filter, "1");
        await using var node = await TestNode.StartAsync(Read(Filter));
        Build(Filter, "2");
        var whole = File.ReadAllBytes(_plugins["Acme.dll"]);
        foreach (var part in Enumerable.Range(0, 65).Select(part => (whole.Length - LastSection) * part / 64))
        {
            File.WriteAllBytes(_plugins["Acme.dll"], [.. whole.AsSpan(0, part), .. isCut ? [] : new byte[whole.Length - part]]);
            AssertRefused("plug-in `Acme.dll` is damaged, or not a .NET assembly");
        }

        File.WriteAllBytes(_plugins["Acme.dll"], whole);
        await ReloadAsync(node, Filter);
    }

    [Fact]
    public async Task What_is_not_there_for_a_moment_or_is_being_written_is_not_taken()
    {
        var library = Library("1");
        _plugins.Compile("Acme.dll", MarkingByLibrary, references: library);
        await using var node = await TestNode.StartAsync(Read(Filter));
        var whole = File.ReadAllBytes(library);

        File.Delete(library);
        AssertRefused("plug-in `Acme.dll` needs `Acme.Library` 1.0.0, which cannot be found");
        File.WriteAllBytes(library, whole[..^700]);
        AssertRefused("plug-in `Acme.dll` needs `Acme.Library` 1.0.0, which is damaged or not a .NET assembly");
        File.WriteAllBytes(library, whole);
        using (new FileStream(library, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) AssertRefused("plug-in `Acme.dll` cannot be loaded: The process cannot access the file");
        File.WriteAllText(_plugins["Acme.deps.json"], "{ \"runtimeTarget\":");
        AssertRefused("plug-in `Acme.dll` cannot be loaded: ");
        File.Delete(_plugins["Acme.deps.json"]);
        File.Delete(_plugins["Acme.dll"]);
        AssertRefused("plug-in `Acme.dll` is neither a file nor a folder");

        Assert.True(ContextOf(node.Node).IsAlive);
    }

    private void AssertRefused(string problem) =>
        Assert.StartsWith(problem, Assert.Single(Assert.Throws<ConfigurationException>(() => Read(Filter)).Diagnostics).Message, StringComparison.Ordinal);

    private string Library(string version) => _plugins.Compile("Acme.Library.dll", $"public static class Version {{ public static string Text() => \"{version}\"; }}");

    private static string Component(string components) => components == Output ? "outputs.mark" : "filters.f";

    /// <summary>Sends ten messages, of which the fourth one fails, and sees that the plug-in's component has marked the others, all before them, and nothing else.</summary>
    /// <returns>What the plug-in was loaded into.</returns>
    private async Task<WeakReference> SendAsync(TestNode node, int from, params string[] versions)
    {
        var intake = node.CellOf("inputs/in").Intake!;
        intake.TryAdd(MessageBatch.Of(Enumerable.Range(from, 10).Select(n => intake.NewMessage(Encoding.UTF8.GetBytes(Some.Text(n))))));
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => node.Node.Components.All(cell => cell.Queued == 0) && Marked(node).Count == versions.Length * 9, () => node.Node.Ledger().ToJson());
        Assert.Equal(
            versions.SelectMany((version, block) => Enumerable.Range(block * 10, 10).Where(n => n % 10 != 3).Select(n => $$"""{"n":{{n}},"by":"{{version}}"}""")),
            Marked(node).OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal));
        return ContextOf(node.Node);
    }

    private IReadOnlyList<string> Marked(TestNode node) =>
        node.Node.Definition.Components.Any(component => component.FullName == "outputs.mark") ? [.. File.Exists(_folder["marked"]) ? File.ReadAllLines(_folder["marked"]) : []] : node.Texts("outputs.out");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ContextOf(RouterNode node) =>
        new(AssemblyLoadContext.GetLoadContext(node.Definition.Components.Single(component => component.Type.Name == "Mark").Type.ActorType.Assembly));

    private static async Task AssertUnloadedAsync(WeakReference context)
    {
        for (var times = 0; context.IsAlive && times < 50; times++)
        {
            // What other threads are about to let go of.
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(context.IsAlive, "Something still holds the plug-in.");
    }

    private async Task ReloadAsync(TestNode node, string components)
    {
        var plan = await node.Node.ReloadAsync(Read(components));
        Assert.Equal([Component(components)], plan.Blocks.Where(block => block.Action != BlockAction.Untouched).Select(block => block.Name));
        Assert.Equal(["type"], plan.Blocks.Single(block => block.Action == BlockAction.Replaced).Keys);
    }

    private void Build(string components, string version)
    {
        var (role, work) = components == Output
            ? ("OutputActor", "protected override void Write(Message message) => System.IO.File.AppendAllText(options.File, Marked(message) + \"\\n\");")
            : ("FilterActor", "protected override Message? Filter(Message message) => Marked(message);");
        _plugins.Compile("Acme.dll", Marking.Replace("{base}", role, StringComparison.Ordinal).Replace("{work}", work, StringComparison.Ordinal)
            + $"static class Version {{ public const string Text = \"{version}\"; }}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private NodeDefinition Read(string components) => NodeReader.Read(HoconReader.ReadText(_folder["node.conf"], $$"""
        router { plugins = [Acme.dll], inputs { in { type = null, to = f } }, errors { type = test }, {{components.Replace("{folder}", _folder.Path, StringComparison.Ordinal)}} }
        """), BuiltIns.Registry());
}
