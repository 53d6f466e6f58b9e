using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Plugins;

public sealed class PluginReloadTests : IDisposable
{
    private const string Filter = "filters { f { class = Mark, to = out } }\n outputs { out { type = test } }";

    private const string Pool = "filters { f { class = Mark, instances = 3, route = hash(n), to = out } }\n outputs { out { type = test } }";

    private const string Output = "filters { f { type = null, to = [out, mark] } }\n outputs { out { type = test }, mark { class = Mark, file = \"{folder}/marked\" } }";

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
        return ContextOf(node);
    }

    private IReadOnlyList<string> Marked(TestNode node) =>
        node.Node.Definition.Components.Any(component => component.FullName == "outputs.mark") ? [.. File.Exists(_folder["marked"]) ? File.ReadAllLines(_folder["marked"]) : []] : node.Texts("outputs.out");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ContextOf(TestNode node) =>
        new(AssemblyLoadContext.GetLoadContext(node.Node.Definition.Components.Single(component => component.Type.Name == "Mark").Type.ActorType.Assembly));

    private static async Task AssertUnloadedAsync(WeakReference context)
    {
        for (var times = 0; context.IsAlive && times < 50; times++)
        {
            // What other threads are about to let go of.
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        if (context.IsAlive && Environment.GetEnvironmentVariable("DUMP") is { } dump) System.Diagnostics.Process.Start(dump, $"--withheap -f /tmp/h/plugins-core {Environment.ProcessId}").WaitForExit(); // DIAG
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
