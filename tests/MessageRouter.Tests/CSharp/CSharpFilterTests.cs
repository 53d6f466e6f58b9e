using MessageRouter.CSharp;
using MessageRouter.Components;
using MessageRouter.TestKit;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.CSharp;

public class CSharpFilterTests
{
    [Fact]
    public async Task Passes_the_messages_for_which_the_expression_is_true()
    {
        string[] passed = ["""{"level":"error"}""", """{"n":6}"""];
        var options = new CSharpFilter.Options { When = """message["level"] == "error" || message["n"] > 5""" };

        Assert.Equal(passed, await TestNode.FilterAsync<CSharpFilter>(options, [.. passed, """{"level":"info"}""", """{"n":"6"}""", "[]", "{}"]));
    }

    [Fact]
    public async Task Sends_on_what_the_body_returns()
    {
        var options = new CSharpFilter.Options
        {
            Code = """
                if (message["n"] == 1) return null;
                return message["n"] == 2 ? message : message.Edit(body => body["at"] = clock.GetUtcNow().Year);
                """,
        };

        Assert.Equal(["""{"n":2}""", """{"n":3,"at":2020}"""], await TestNode.FilterAsync<CSharpFilter>(options, Some.Text(1), Some.Text(2), Some.Text(3)));
    }

    [Fact]
    public async Task Sees_who_sent_a_message()
    {
        var source = new ProbeSource();
        await using var node = await TestNode.StartAsync(Some.Node(
            source.Input().To("when", "code"),
            Some.Component<CSharpFilter>("when", new CSharpFilter.Options { When = """message.Peer?.Identity == "office" && message.Peer.Attributes["team"] == "blue" && message.Peer.Mechanism == "curve" """ }).To("sink"),
            Some.Component<CSharpFilter>("code", new CSharpFilter.Options { Code = """return message.Peer is { } peer ? message.With("by", $"{peer}, {peer.RoutingId}") : null;""" }).To("sink"),
            Some.Sink()));
        var office = new MessagePeer { Address = "tcp://10.0.0.7:1", Identity = "office", Attributes = new Dictionary<string, string> { ["team"] = "blue" }, Mechanism = "curve", RoutingId = "7" };

        source.Intake.TryAdd(MessageBatch.Of(source.Intake.NewMessage("{}"u8.ToArray()), source.Intake.NewMessage("{}"u8.ToArray()).WithPeer(office)));
        await node.StopAsync();

        Assert.Equal(["""{"by":"office at tcp://10.0.0.7:1, 7"}""", "{}"], node.Texts("outputs.sink").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_message_on_which_it_throws_goes_to_the_error_chain_and_restarts_nothing()
    {
        var source = new ProbeSource();
        var options = new CSharpFilter.Options { Code = "return (int)message[\"n\"] % 2 == 0 ? message : throw new FormatException(\"odd\");" };
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<CSharpFilter>("f", options));

        source.Send([.. Some.Texts(1, 100), "{}"]);
        await node.StopAsync();

        Assert.Equal(Enumerable.Range(1, 50).Select(n => Some.Text(2 * n)), node.Texts("outputs.sink"));
        var errors = node.Recorded["errors"];
        Assert.Equal(51, errors.Count);
        Assert.Equal(("odd", "failed", """{"n":1}"""), ((string?)errors[0]["error"], (string?)errors[0]["kind"], (string?)errors[0]["payload"]));
        Assert.True(errors[0]["exception"].Contains("System.FormatException: odd"));
        Assert.Equal("The message lacks a field that is needed as a value.", errors[^1]["error"]);
        Assert.Equal((51, 0), (node["filters.f"].Failed, node["filters.f"].Restarts));
        Assert.True(node.Node.Ledger().Balanced, node.Node.Ledger().ToJson());
    }

    [Theory]
    [InlineData("InvalidOperationException", 3)]
    [InlineData("MessageException", 1)]
    public async Task A_message_on_which_it_throws_is_tried_again_unless_only_the_message_is_at_fault(string exception, int attempts)
    {
        var backoff = TimeSpan.FromMilliseconds(100);
        var source = new ProbeSource();
        var options = new CSharpFilter.Options { Code = $"if (message[\"n\"] == 2) throw new {exception}(\"boom\"); return message;" };
        var filter = Some.Component<CSharpFilter>("f", options) with { Retry = new RetryOptions { Attempts = 3, Backoff = backoff } };
        await using var node = await TestNode.StartChainAsync(source.Input(), filter);

        source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 2, node.Clock, backoff);

        Assert.Equal([Some.Text(1), Some.Text(3)], node.Texts("outputs.sink"));
        var error = Assert.Single(node.Recorded["errors"]);
        Assert.Equal(("boom", attempts), ((string?)error["error"], (int)error["attempts"]!));
        Assert.Equal((1, 0), (node["filters.f"].Failed, node["filters.f"].Restarts));
    }

    [Fact]
    public async Task Logs_under_the_filters_name()
    {
        var source = new ProbeSource();
        var options = new CSharpFilter.Options { Code = "logger.LogInformation(\"Seen.\"); return null;" };
        await using var node = await TestNode.StartChainAsync(source.Input(), Some.Component<CSharpFilter>("f", options));

        source.Send("{}");
        await node.StopAsync();

        Assert.Contains(new LogLine(LogLevel.Information, "filters.f", "Seen."), node.Log.Lines);
    }

    [Fact]
    public void Needs_an_expression_or_a_body_and_not_both()
    {
        const string problem = "needs either `when`, an expression, or `code`, a body; one of them";

        Assert.Equal(problem, Problem(new CSharpFilter.Options()));
        Assert.Equal(problem, Problem(new CSharpFilter.Options { When = "true", Code = "return null;" }));
    }

    private static string? Problem(CSharpFilter.Options options) =>
        Assert.Single(options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options))).ErrorMessage;
}
