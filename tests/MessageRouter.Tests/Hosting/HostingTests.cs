using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Hosting;
using MessageRouter.Outputs;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MessageRouter.Tests.Hosting;

public class HostingTests
{
    private const string Text = """
        router {
          name = n
          inputs { in { type = generator, count = 100, rate = 0, to = errors } }
          filters { errors { type = key, key = level, match = error, to = sink } }
          outputs { sink { type = test } }
        }
        """;

    [Fact]
    public async Task Runs_a_node_from_hocon_with_the_host() => await RunsAsync(router => router.FromText(Text));

    [Fact]
    public async Task Runs_the_same_node_described_in_csharp() => await RunsAsync(Described);

    [Fact]
    public void Hocon_and_csharp_give_the_same_node()
    {
        var fromText = new RouterBuilder().FromText(Text).Build();
        var described = new RouterBuilder();
        Described(described);

        Assert.Equal(fromText.Components.Select(Essence), described.Build().Components.Select(Essence));

        static string Essence(ComponentDefinition component) =>
            $"{component.FullName} {component.Type.ActorType} {component.Options} → {string.Join(",", component.To)} {component.Mailbox} {component.Supervision} {component.Codec}";
    }

    [Fact]
    public async Task A_filter_gets_its_options_and_the_hosts_services()
    {
        using var host = Host(router => router
            .Input("in", "generator", new { Count = 3, Rate = 0 }, "mark")
            .Add<Mark>("mark", new { With = "x", After = TimeSpan.FromSeconds(90) }, "sink")
            .Output("sink", "test"));
        host.Services.GetRequiredService<Greeting>();
        await host.StartAsync();

        var messages = await host.Services.GetRequiredService<RecordedMessages>().WaitForAsync("outputs.sink", 3).WaitAsync(TestNode.Patience);
        await host.StopAsync();

        Assert.All(messages, message => Assert.Equal("hello x 00:01:30", (string?)message["mark"]));
    }

    [Fact]
    public void What_is_described_in_csharp_is_laid_over_files_and_texts()
    {
        var node = new RouterBuilder().FromText(Text).Name("other").Filter("errors", "key", new { Match = "warning" }).Output("more", "null").Set("shutdown", new { DrainTimeout = TimeSpan.FromSeconds(1) })
            .Override("router.filters.errors.to=[sink, more]").Build();

        Assert.Equal("other", node.Name);
        Assert.Equal(TimeSpan.FromSeconds(1), node.DrainTimeout);
        Assert.Equal(["sink", "more"], node.Components.Single(component => component.Name == "errors").To);
        Assert.Equal(4, node.Components.Count);
    }

    [Fact]
    public async Task A_filter_can_be_a_function()
    {
        using var host = Host(router => router
            .Input("in", "generator", new { Count = 4, Rate = 0, Template = """{"n":%{seq}}""" }, "double")
            .Filter("double", message => (int)message["n"]! == 2 ? null : message.Edit(body => body["n"] = 2 * (int)body["n"]!), to: "odd")
            .Filter("odd", message => (int)message["n"]! == 6 ? throw new MessageException("six") : message, new { Retry = new { Attempts = 2 } }, "sink")
            .Output("sink", "test"));
        await host.StartAsync();
        await host.StopAsync();

        Assert.Equal(["""{"n":2}""", """{"n":8}"""], host.Services.GetRequiredService<RecordedMessages>()["outputs.sink"].Select(message => message.ToString()));
        var lines = host.Services.GetRequiredService<RouterNode>().Ledger().Components;
        Assert.Equal(
            [("filters.double", "lambda", 1L, 0L), ("filters.odd", "lambda", 0L, 1L)],
            lines.Where(line => line.Name.StartsWith("filters.", StringComparison.Ordinal)).Select(line => (line.Name, line.Type, line.Filtered, line.Failed)));
    }

    [Fact]
    public void A_function_with_a_wrong_key_is_reported_as_what_it_is()
    {
        var router = new RouterBuilder();
        router.Input("in", "null", null, "f").Filter("f", message => message, new { Rety = 1 }, "out").Output("out", "null");

        Assert.Contains(
            "unknown key `rety` for filter `f` (lambda)", Assert.Throws<ConfigurationException>(() => router.Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_is_thrown_before_the_host_is_built_as_the_report_alone()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Host(router => router.Input("in", "generator", new { Rte = 1 }, "sink").Output("sink", "test")));

        Assert.Contains("unknown key `rte` for input `in` (generator)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean `rate`?", exception.Message, StringComparison.Ordinal);
        Assert.Equal(exception.Message.TrimEnd(), exception.ToString());
    }

    [Fact]
    public async Task What_cannot_be_opened_ends_the_hosts_start()
    {
        using var host = Host(router => router.Input("in", "null", null, "out").Output("out", "file", new { Path = "/nowhere/x/y.log" }));

        var exception = await Assert.ThrowsAsync<ComponentStartException>(() => host.StartAsync());

        Assert.True(exception.IsUnavailable);
        Assert.Contains("outputs.out could not be started", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", exception.ToString(), StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_node_becomes_what_is_described_anew_and_says_before_what_that_changes()
    {
        using var host = Host(Described);
        await host.StartAsync();
        var node = host.Services.GetRequiredService<RouterNode>();

        var plan = node.PlanReload(Renewed);
        Assert.Equal(["filters.errors"], plan.Blocks.Where(block => block.Action != BlockAction.Untouched).Select(block => block.Name));
        Assert.Throws<ConfigurationException>(() => node.PlanReload(router => router.Output("out", "nonsense")));
        await Assert.ThrowsAsync<ConfigurationException>(() => node.ReloadAsync(router => router.Output("out", "nonsense")));

        Assert.Equal(plan.Id, (await node.ReloadAsync(Renewed)).Id);
        await host.StopAsync();

        static void Renewed(RouterBuilder router) => router
            .Name("n")
            .Input("in", "generator", new { Count = 100, Rate = 0 }, "errors")
            .Filter("errors", "key", new { Key = "level", Match = "info" }, "sink")
            .Output("sink", "test");
    }

    public static TheoryData<string, Action<RouterBuilder>> Nothing => new()
    {
        { "paths", router => router.FromFiles((string)null!) },
        { "paths", router => router.FromFiles((IEnumerable<string>)null!) },
        { "text", router => router.FromText(null!) },
        { "pathsAndValues", router => router.Override((string)null!) },
        { "key", router => router.Set(null!, 1) },
        { "name", router => router.Input(null!, "null") },
        { "type", router => router.Output("out", null!) },
        { "to", router => router.Input("in", "null", null, null!) },
        { "name", router => router.Filter(null!, message => message) },
        { "name", router => router.Workers(null!, ["x"]) },
        { "command", router => router.Workers("w", null!) },
        { "name", router => router.Identity(null!, "file") },
        { "name", router => router.Peers(null!, new { }) },
    };

    [Theory]
    [MemberData(nameof(Nothing))]
    public void Nothing_where_something_is_to_be_said_is_refused_by_its_name(string parameter, Action<RouterBuilder> describe) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(() => describe(new RouterBuilder())).ParamName);

    private static void Described(RouterBuilder router) => router
        .Name("n")
        .Input("in", "generator", new { Count = 100, Rate = 0 }, "errors")
        .Filter("errors", "key", new { Key = "level", Match = "error" }, "sink")
        .Output("sink", "test");

    private static async Task RunsAsync(Action<RouterBuilder> describe)
    {
        using var host = Host(describe);
        await host.StartAsync();

        await host.Services.GetRequiredService<RecordedMessages>().WaitForAsync("outputs.sink", 25).WaitAsync(TestNode.Patience);
        await host.StopAsync();

        var ledger = host.Services.GetRequiredService<RouterNode>().Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(75, ledger.Components.Single(line => line.Name == "filters.errors").Filtered);
    }

    private static IHost Host(Action<RouterBuilder> describe)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Greeting>();
        builder.Services.AddMessageRouter(describe);
        return builder.Build();
    }

    private sealed class Greeting
    {
        public string Text => "hello";
    }

    private sealed class Mark(Mark.Options options, Greeting greeting) : FilterActor
    {
        protected override Message? Filter(Message message) =>
            message.Edit(body => body["mark"] = $"{greeting.Text} {options.With} {options.After:c}");

        internal sealed record Options(string With, TimeSpan After);
    }
}
