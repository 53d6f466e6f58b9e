using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests;

/// <summary>What a node tells of itself, to a real Prometheus and to what stands in for a collector.</summary>
public sealed partial class MetricsTests(ITestOutputHelper output, MonitoredNode node) : InteropTest(output), IClassFixture<MonitoredNode>
{
    private const string Read = "messagerouter_component_messages_in_total{component=\"inputs.lines\",role=\"input\",router=\"shop\",type=\"stdin\"}";

    [Fact]
    public void Nothing_of_the_exporter_is_there_before_somebody_scrapes() => Assert.False(node.HadExporter);

    [SkippableFact]
    public async Task Prometheus_scrapes_a_node_and_has_its_counts()
    {
        Requires.Prometheus();

        await node.HasAsync(Read, 105);
        await node.HasAsync("messagerouter_component_messages_dropped_total{component=\"inputs.lines\",reason=\"undecodable\"}", 5);
        await node.HasAsync("messagerouter_component_messages_filtered_total{component=\"filters.spread\"}", 75);
        await node.HasAsync("messagerouter_component_messages_out_total{component=\"outputs.kept\",job=\"message-router\"}", 25);
        await node.HasAsync("sum(messagerouter_component_connections_messages_received_total{component=\"inputs.back\"})", 25);
        await node.HasAsync("messagerouter_worker_processes{group=\"idle\",state=\"running\"}", 2);
        await node.HasAsync("messagerouter_pool_copies{component=\"filters.spread\",state=\"running\"}", 2);
        await node.HasAsync("messagerouter_edge_messages_offered_total{from=\"inputs.lines\",to=\"errors\"}", 5);
        await node.HasAsync("messagerouter_node_state{state=\"running\"} * on (router) group_left (configuration_hash) messagerouter_node_info", 1);
        Assert.Empty(await node.QueryAsync("{__name__=~\"target_info|otel.*\"}"));
    }

    [SkippableFact]
    public async Task Prometheus_tool_has_nothing_to_say_against_the_text()
    {
        Requires.Prometheus();

        await node.ChecksAsync(await node.ScrapeAsync(), "check", "metrics");
    }

    [SkippableFact]
    public async Task The_alerts_are_valid_fire_when_they_should_and_run_in_Prometheus()
    {
        Requires.Prometheus();
        await node.ChecksAsync(null, "check", "rules", "alerts.yml");
        await node.ChecksAsync(null, "test", "rules", "alerts-test.yml");
        await node.ChecksAsync(null, "check", "config", "prometheus.yml");

        await node.HasAsync("ALERTS{alertname=\"MessageRouterDropping\",component=\"inputs.lines\",reason=\"undecodable\",alertstate=\"firing\"}", 1);

        var rules = (await node.AskAsync("rules")).GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray()).ToList();
        Assert.All(rules, rule => Assert.NotEqual("err", rule.GetProperty("health").GetString()));
        Assert.All(rules, rule => Assert.All(["summary", "action"], note => Assert.NotEmpty(rule.GetProperty("annotations").GetProperty(note).GetString()!)));
    }

    [SkippableFact]
    public async Task Prometheus_takes_every_expression_of_the_dashboard()
    {
        Requires.Prometheus();
        await node.HasAsync(Read, 105);

        foreach (var expression in Panels().Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!))
            await node.QueryAsync(expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$router", ".*", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal).Replace("$component", ".*", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_metric_of_dashboard_alerts_and_page_is_one_that_the_node_has_and_the_page_has_all()
    {
        var has = MetricPattern().Matches(await node.ScrapeAsync()).Select(match => match.Value).ToHashSet();

        foreach (var file in (string[])["docs/monitoring/grafana-dashboard.json", "docs/monitoring/alerts.yml", "docs/monitoring/alerts-test.yml"])
            Assert.Empty(MetricPattern().Matches(File.ReadAllText(Repository.File(file))).Select(match => match.Value).Except(has));
        Assert.Equal(has.Order(StringComparer.Ordinal), MetricPattern().Matches(File.ReadAllText(Repository.File("docs/metrics.md"))).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_node_tells_of_its_cluster_has_its_place_on_the_dashboard()
    {
        var dashboard = File.ReadAllText(Repository.File("docs/monitoring/grafana-dashboard.json"));

        var ofCluster = MetricPattern().Matches(File.ReadAllText(Repository.File("docs/metrics.md"))).Select(match => match.Value).Where(name => name.StartsWith("messagerouter_cluster_", StringComparison.Ordinal)).Distinct().ToList();
        Assert.NotEmpty(ofCluster);
        Assert.All(ofCluster, name => Assert.Contains(name, dashboard, StringComparison.Ordinal));
        Assert.Contains(Panels(), panel => panel.GetProperty("type").GetString() == "row" && panel.GetProperty("title").GetString() == "Cluster");
    }

    [Fact]
    public void Every_panel_says_what_it_shows_in_which_unit()
    {
        var panels = Panels();

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel =>
        {
            Assert.NotEmpty(panel.GetProperty("description").GetString()!);
            Assert.Contains(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), (string[])["none", "short", "cps", "Bps", "bytes", "s", "percentunit"]);
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
        });
    }

    [Fact]
    public async Task Metrics_are_pushed_over_http_with_protobuf()
    {
        await node.Node.Until(() => node.Collector.Requests.LastOrDefault() is { } last && last["messagerouter.component.messages.out", ("component", "outputs.kept")] == 25, "the collector to have the last messages");

        var request = node.Collector.Requests.Last();
        AssertPushed(request, node.Collector, "shop", node.Node.Id);
        Assert.Equal("0123456789abcdef-collector, with a comma", request.Headers["x-api-key"]);
        Assert.Equal(105, request["messagerouter.component.messages.in", ("component", "inputs.lines"), ("type", "stdin"), ("role", "input"), ("router", "shop")]);
        Assert.Equal(5, request["messagerouter.component.messages.dropped", ("component", "inputs.lines"), ("reason", "undecodable")]);
        Assert.Equal(("counter", "{message}"), Kind("messagerouter.component.messages.in"));
        Assert.Equal(("sum", "By"), Kind("messagerouter.component.queue.size"));
        Assert.Equal(("gauge", "s"), Kind("messagerouter.node.uptime"));

        (string, string) Kind(string name)
        {
            var metric = request.Metrics.Single(metric => metric.Name == name);
            return (metric.Kind, metric.Unit);
        }
    }

    [Fact]
    public async Task Metrics_are_pushed_over_grpc_and_a_last_time_when_the_node_ends()
    {
        await using var collector = await OtlpCollector.StartAsync(isGrpc: true);
        var ending = RunNode(Pushing(collector.Endpoint, "grpc", "1h"));
        await ending.Starts();
        await ending.WriteAsync(Enumerable.Range(0, 7).Select(n => $$"""{"n":{{n}}}"""));
        ending.EndInput();

        var ledger = await ending.Ends();

        Assert.Empty(collector.Problems);
        var request = Assert.Single(collector.Requests);
        AssertPushed(request, collector, "brief", ending.Id);
        Assert.Equal(7, request["messagerouter.component.messages.out", ("component", "outputs.kept")]);
        Assert.Equal(1, request["messagerouter.node.state", ("state", "stopped")]);
        ledger.AssertBalanced();
    }

    [Fact]
    public async Task What_a_drain_has_lost_that_was_cut_short_is_pushed_too()
    {
        await using var collector = await OtlpCollector.StartAsync(isGrpc: false);
        var node = RunNode(Pushing(collector.Endpoint, "http", "1s", """type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1" """));
        await node.Until(() => collector.Requests.Count > 0, "a push before");
        await node.WriteAsync(Enumerable.Range(0, 7).Select(n => $$"""{"n":{{n}}}"""));
        node.EndInput();

        Assert.Equal(75, await node.Exits());

        var request = collector.Requests.Last();
        AssertPushed(request, collector, "brief", node.Id);
        Assert.Equal(7, request["messagerouter.component.messages.dropped", ("component", "outputs.kept"), ("reason", "shutdown")]);
        node.FinalLedger().AssertBalanced();
    }

    [Fact]
    public async Task A_collector_that_takes_connections_and_says_nothing_does_not_hold_a_node_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var ending = RunNode(Pushing($"http://{silent.LocalEndpoint}/v1/metrics", "http", "1h"));
        await ending.Starts();
        await ending.WriteAsync("{}");

        await ending.Stops();
    }

    [Fact]
    public async Task A_collector_that_is_away_is_said_once()
    {
        var ending = RunNode(Pushing($"http://127.0.0.1:{Ports.Free()}/v1/metrics", "http", "1s"));
        await ending.Reports(line => line.Contains("Metrics do not arrive at", StringComparison.Ordinal) && line.Contains("Connection refused", StringComparison.Ordinal), "what is wrong with the collector");
        var since = TimeProvider.System.GetTimestamp();
        await ending.Until(() => TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(2.5), "two more pushes");

        await ending.Stops();

        Assert.Single(ending.Errors.Lines, line => line.Contains("Metrics", StringComparison.Ordinal));
    }

    private static void AssertPushed(OtlpRequest request, OtlpCollector collector, string name, int process)
    {
        Assert.Empty(collector.Problems);
        Assert.StartsWith("MessageRouter ", request.Scope, StringComparison.Ordinal);
        Assert.Equal(("message-router", $"{name}-{process}"), (request.Resource["service.name"], request.Resource["service.instance.id"]));
        Assert.NotEmpty(request.Resource["service.version"]);
    }

    private static string Pushing(string endpoint, string protocol, string interval, string output = "type = null") => $$"""
        router {
          name = brief
          control.otlp { endpoint = "{{endpoint}}", protocol = {{protocol}}, interval = {{interval}} }
          inputs.lines { type = stdin, to = kept }
          outputs.kept { {{output}} }
          shutdown.drain-timeout = 500ms
        }
        """;

    private static List<JsonElement> Panels() =>
        [.. JsonDocument.Parse(File.ReadAllText(Repository.File("docs/monitoring/grafana-dashboard.json"))).RootElement.GetProperty("panels").EnumerateArray()];

    [GeneratedRegex(@"\bmessagerouter_\w+\b")]
    private static partial Regex MetricPattern();
}
