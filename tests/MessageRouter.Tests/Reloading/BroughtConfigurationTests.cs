using MessageRouter.Configuration;
using MessageRouter.Hosting;
using MessageRouter.Outputs;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>Files that are brought to a node, as it reads them.</summary>
public sealed class BroughtConfigurationTests : IDisposable
{
    private const string Cluster = """name = b, cluster { name = logs, bind = "127.0.0.1:4054", seed-nodes = ["127.0.0.1:4053"], roles = [edge] }""";

    private readonly TempFolder _folder = new();
    private readonly RouterBuilder _node = new();

    public BroughtConfigurationTests()
    {
        File.WriteAllText(_folder["node.conf"], $"router {{ {Cluster}, inputs.in {{ type = null, to = out }}, outputs.out {{ type = null }} }}");
        _node.FromFiles(_folder["node.conf"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_node_keeps_its_name_and_its_cluster_and_paths_are_relative_to_its_own_file()
    {
        var read = Read("""router { inputs.in { type = null, to = out }, outputs.out { type = file, path = ${router.name}".log" } }""");

        Assert.Equal(("b", "127.0.0.1:4054"), (read.Definition.Name, read.Definition.Cluster!.Options.Bind));
        Assert.Equal("b.log", ((FileOutput.Options)read.Definition.Components[1].Options!).Path);
        Assert.Equal(["new.conf (from a)"], read.Definition.Files);
        Assert.Empty(read.Warnings);
        File.WriteAllText(_folder["none.dll"], "It is there.");
        var notOne = Assert.Throws<ConfigurationException>(() => Read("router { plugins = [none.dll], inputs.in { type = null, to = out }, outputs.out { type = null } }"));
        Assert.StartsWith("error: plug-in `none.dll` ", notOne.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("neither a file", notOne.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Components_of_a_cluster_need_no_block_of_it_beside_them()
    {
        var read = Read("""router { inputs.in { type = cluster, stream = jobs, to = f }, filters.f { type = delay, delay = 1ms, instances.cluster { total = 4, roles = [edge] }, to = out }, outputs.out { type = null } }""");

        Assert.Equal("logs", read.Definition.Cluster!.Options.Name);
    }

    [Fact]
    public void Who_it_is_and_how_it_is_reached_is_not_taken_and_that_is_said_where_it_is_another()
    {
        var read = Read($$"""
            akka.loglevel = DEBUG
            router {
              name = thief
              control.socket = other.sock
              cluster { name = others, bind = "0.0.0.0:1", insecure = true, seed-nodes = ["x:1"] }
              inputs.in { type = null, to = out }, outputs.out { type = null }
            }
            """);

        Assert.Equal(("b", "logs", ""), (read.Definition.Name, read.Definition.Cluster!.Options.Name, read.Definition.AkkaHocon));
        Assert.Null(read.Definition.Control);
        Assert.Equal(
            ["`akka` of what is brought to a node is not taken: its own stays in force, line 1", "`cluster` of what is brought to a node is not taken: its own stays in force, line 5", "`control` of what is brought to a node is not taken: its own stays in force, line 4"],
            read.Warnings.Select(warning => $"{warning.Message}, line {warning.Span!.Line}").Order());

        Assert.Empty(Read($"router {{ {Cluster}, inputs.in {{ type = null, to = out }}, outputs.out {{ type = null }} }}").Warnings);
    }

    [Fact]
    public void What_was_set_over_the_nodes_own_files_is_over_what_is_brought_too()
    {
        _node.Override("router.cluster.split-brain.stable-after=5s", "router.mailbox.capacity=77");

        var read = Read("router { inputs.in { type = null, to = out }, outputs.out { type = null } }");

        Assert.Equal(77, read.Definition.Components[1].Mailbox.Capacity);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void Later_files_are_over_earlier_ones_and_nothing_is_included()
    {
        var read = Read("router { inputs.in { type = null, to = out }, outputs.out { type = null } }", "router.memory.limit = 1MiB");
        Assert.Equal((1 << 20, "new.conf (from a), 1.conf (from a)"), (read.Definition.MemoryLimit, string.Join(", ", read.Definition.Files)));

        File.WriteAllText(_folder["more.conf"], "");
        var refused = Assert.Throws<ConfigurationException>(() => Read("include \"more.conf\"\nrouter { inputs.in { type = null, to = out }, outputs.out { type = null } }"));
        Assert.StartsWith("error: a configuration that is brought to a node includes nothing\n --> new.conf:1:9\n", refused.Message, StringComparison.Ordinal);
        Assert.Contains("give what is included as a FILE of its own, before this one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_does_not_hold_the_node_as_it_was()
    {
        var (definition, own) = Weak();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(own.IsAlive);
        Assert.Equal("b", definition.Name);

        (NodeDefinition Definition, WeakReference Own) Weak()
        {
            var before = _node.Build();
            return (_node.ReadAgain!.Brought(new BroughtConfiguration([new BroughtFile("new.conf", "router { inputs.in { type = null, to = out }, outputs.out { type = null } }")], "a", before)).Definition, new WeakReference(before));
        }
    }

    [Fact]
    public void There_is_a_limit_to_what_can_be_brought()
    {
        Assert.Null(BroughtConfiguration.ProblemOf([new BroughtFile("a", new string('x', BroughtConfiguration.LargestText))]));
        Assert.Equal("262145 bytes are too many to be brought to a node: 262144 are the most", BroughtConfiguration.ProblemOf([new BroughtFile("a", new string('x', BroughtConfiguration.LargestText - 1)), new BroughtFile("b", "é")]));
        Assert.Equal("65 files are too many to be brought to a node: 64 are the most", BroughtConfiguration.ProblemOf([.. Enumerable.Repeat(new BroughtFile("a", ""), 65)]));
        Assert.Equal("a file that is brought to a node has a name of at most 1024 characters", BroughtConfiguration.ProblemOf([new BroughtFile("", "")]));
        Assert.NotNull(BroughtConfiguration.ProblemOf([new BroughtFile("a", null!)]));
    }

    private Reading Read(params string[] texts) =>
        _node.ReadAgain!.Brought(new BroughtConfiguration([.. texts.Select((text, at) => new BroughtFile(at == 0 ? "new.conf" : $"{at}.conf", text))], "a", _node.Build()));
}
