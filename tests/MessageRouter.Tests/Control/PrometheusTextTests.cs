using System.Text;
using MessageRouter.Control.Metrics;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.Tests.Control;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().BuildServiceProvider();
    private readonly ProbeSource _source = new();

    [Fact]
    public async Task The_text_has_this_nodes_metrics_and_not_those_of_another_one_in_the_process()
    {
        await using var other = await TestNode.StartAsync(Some.Chain(new ProbeSource().Input()) with { Name = "other" });
        await using var node = await StartAsync();
        _source.SendNumbers(1, 42);
        await node.SinkAsync(42);

        var metrics = new PrometheusText(node.Node, _services);
        var text = "";
        await Eventually.IsTrueAsync(() => (text = AskAsync(metrics).GetAwaiter().GetResult()).Contains(
            "messagerouter_component_messages_out_total{component=\"outputs.sink\",role=\"output\",router=\"test\",type=\"MessageRouter.Outputs.TestOutput\"} 42\n", StringComparison.Ordinal));
        Assert.DoesNotContain("router=\"other\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("otel_", text, StringComparison.Ordinal);
        Assert.Contains("router=\"other\"", await AskAsync(new PrometheusText(other.Node, _services)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_knows_OpenMetrics_gets_it()
    {
        await using var node = await StartAsync();

        var text = await AskAsync(new PrometheusText(node.Node, _services), "application/openmetrics-text; version=1.0.0");

        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains("# UNIT messagerouter_node_uptime_seconds seconds\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_one_look_at_the_node()
    {
        var looks = 0;
        await using var node = await StartAsync();
        var metrics = new PrometheusText(node.Node, _services);
        _ = await AskAsync(metrics);
        node.CellOf("inputs/in").Connections = () =>
        {
            Interlocked.Increment(ref looks);
            return [];
        };

        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AskAsync(metrics))));

        Assert.InRange(looks, 0, 1 + (int)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task A_node_that_is_not_started_has_none_yet()
    {
        var node = new RouterNode(Some.Chain(_source.Input()), _services, NullLoggerFactory.Instance, TimeProvider.System);
        var context = Context();

        await new PrometheusText(node, _services).AnswerAsync(context);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
    }

    public void Dispose() => _services.Dispose();

    private Task<TestNode> StartAsync() => TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(message => message));

    private async Task<string> AskAsync(PrometheusText metrics, string accept = "text/plain")
    {
        var context = Context();
        context.Request.Headers.Accept = accept;
        await metrics.AnswerAsync(context);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
    }

    private DefaultHttpContext Context() => new() { RequestServices = _services, Response = { Body = new MemoryStream() } };
}
