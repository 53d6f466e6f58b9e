using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class ErrorChainTests
{
    private readonly ProbeSource _source = new();

    [Fact]
    public async Task What_an_input_cannot_read_is_reported_with_payload_kind_and_component()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());

        _source.Send("""{"a":1}""", "plain", "{", """{"a":2}""");
        await node.StopAsync();

        var errors = node.Recorded["errors"];
        Assert.Equal(["plain", "{"], errors.Select(error => (string)error["payload"]!));
        Assert.All(errors, error => Assert.Equal("undecodable", error["kind"]));
        Assert.All(errors, error => Assert.Equal("inputs.in", error["component"]));
        Assert.Equal("unexpected 'p' at byte 0", errors[0]["error"]);
        Assert.Equal("2020-01-01T00:00:00.000Z", errors[0]["time"]);
        Assert.Equal(2, node["inputs.in"].Dropped["undecodable"]);
        Assert.Equal(["""{"a":1}""", """{"a":2}"""], node.Texts("outputs.sink"));
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_leading_frames_are_reported_in_base_64()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input());

        _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage(new byte[] { 0xFF, 0 }, ["ab"u8.ToArray()])));
        await node.StopAsync();

        var error = Assert.Single(node.Recorded["errors"]);
        Assert.Equal("/wA=", error["payload_base64"]);
        Assert.Equal("YWI=", error["frames_base64.0"]);
        Assert.Null(error["payload"]);
    }

    [Fact]
    public async Task What_an_output_cannot_write_is_reported_and_the_rest_is_written()
    {
        await using var node = await TestNode.StartChainAsync(
            _source.Input() with { Codec = MessageFormat.Bytes }, Some.Sink() with { Codec = MessageFormat.Text });

        _source.Intake.TryAdd(MessageBatch.Of(new byte[][] { [0x61], [0xFF], [0x62] }.Select(bytes => _source.Intake.NewMessage(bytes))));
        await node.StopAsync();

        Assert.Equal(["a", "b"], node.Texts("outputs.sink"));
        Assert.Equal("unencodable", Assert.Single(node.Recorded["errors"])["kind"]);
        Assert.Equal(1, node["outputs.sink"].Dropped["unencodable"]);
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Fact]
    public async Task What_a_filter_throws_on_is_reported_with_the_exception()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Throwing(n => n == 2));

        _source.SendNumbers(1, 3);
        await node.StopAsync();

        var error = Assert.Single(node.Recorded["errors"]);
        Assert.Equal("failed", error["kind"]);
        Assert.Equal("no", error["error"]);
        Assert.Equal(Some.Text(2), error["payload"]);
        Assert.StartsWith("System.InvalidOperationException: no", (string)error["exception"]!);
    }

    [Fact]
    public async Task More_events_than_the_limit_are_counted_only()
    {
        await using var node = await TestNode.StartAsync(
            Some.Chain(_source.Input(), ScriptedFilter.Throwing(_ => true).On(OnError.Resume)) with { ErrorsPerSecond = 5 });

        _source.SendNumbers(1, 20);
        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 20);
        node.Clock.Advance(TimeSpan.FromSeconds(0.4));
        _source.SendNumbers(21, 10);
        await node.StopAsync();

        Assert.Equal(7, node.Recorded["errors"].Count);
        Assert.Equal(23, node["errors"].Dropped["rate-limited"]);
        Assert.True(node.Node.Ledger().Balanced);
    }

    [Theory]
    [InlineData(OnError.Resume)]
    [InlineData(OnError.Restart)]
    public async Task A_failure_of_the_error_output_is_counted_and_makes_no_further_event(OnError onError)
    {
        var writes = 0;
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input()) with
        {
            Errors = ScriptedOutput.Of(_ => throw new IOException($"full {++writes}"), "").On(onError),
        });

        _source.Send("x", "y");
        await node.StopWhileTimePassesAsync();

        Assert.Equal(2, writes);
        Assert.Equal(2, node["errors"].In);
        Assert.Equal(2, node["errors"].Failed);
        Assert.True(node.Node.Ledger().Balanced);
        Assert.Contains(node.Log.Lines, line => line.Category == "errors" && line.Text.Contains("full 1"));
    }

    [Fact]
    public async Task A_stuck_error_output_drops_events_and_holds_nothing_up()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input()) with
        {
            Errors = gate.Output("").Bounded(3, Overflow.Wait),
        });

        for (var i = 0; i < 50; i++) _source.Send("bad");
        _source.SendNumbers(1, 1);

        Assert.Equal([Some.Text(1)], await node.SinkAsync(1));
        Assert.InRange(node["errors"].Dropped["mailbox-full"], 1, 50);
        gate.Open();
    }
}
