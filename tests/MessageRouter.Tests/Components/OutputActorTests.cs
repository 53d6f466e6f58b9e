using MessageRouter.Components;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Components;

public class OutputActorTests
{
    private readonly ProbeSource _source = new();
    private readonly List<string> _written = [];

    [Theory]
    [InlineData(OnError.Resume, 0)]
    [InlineData(OnError.Restart, 2)]
    public async Task An_exception_in_Write_fails_only_that_message(OnError onError, int restarts)
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedOutput.Of(message =>
        {
            if ((int)message["n"]! % 3 == 0) throw new IOException("no");
            _written.Add(message.ToString());
        }).On(onError));

        _source.SendNumbers(1, 8);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 6);

        Assert.Equal(new[] { 1, 2, 4, 5, 7, 8 }.Select(Some.Text), _written);
        Assert.Equal(2, node["outputs.sink"].Failed);
        Assert.Equal(restarts, node["outputs.sink"].Restarts);
    }

    [Fact]
    public async Task An_exception_in_WriteBatch_gives_the_unfinished_messages_again()
    {
        var failures = 2;
        await using var node = await StartAsync(OnError.Restart, n => n == 3 && failures-- > 0);

        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 5, node.Clock, TimeSpan.FromMilliseconds(50));

        Assert.Equal(Some.Texts(1, 5), _written);
        Assert.Equal(0, node["outputs.sink"].Failed);
        Assert.Equal(2, node["outputs.sink"].Restarts);
    }

    [Fact]
    public async Task An_exception_in_WriteBatch_fails_the_unfinished_messages_where_the_policy_is_to_resume()
    {
        await using var node = await StartAsync(OnError.Resume, n => n == 3);

        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Failed == 3);

        Assert.Equal(Some.Texts(1, 2), _written);
    }

    [Fact]
    public async Task What_was_given_and_is_not_delivered_counts_as_queued_and_is_waited_for_at_the_stop()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(), gate.Output());
        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => gate.Taken.Count == 5);
        Assert.Equal(5, node["outputs.sink"].Queued);

        var stopping = node.StopAsync();
        Assert.False(stopping.IsCompleted);
        gate.Open();
        await stopping;

        Assert.Equal(5, node["outputs.sink"].Out);
    }

    [Fact]
    public async Task Flush_comes_after_the_last_message_and_is_tried_again_when_it_fails()
    {
        var options = new BufferingOutput.Options();
        await using var node = await TestNode.StartChainAsync(_source.Input(), Some.Component<BufferingOutput>("sink", options));
        _source.SendNumbers(1, 5);

        await node.StopWhileTimePassesAsync();

        Assert.Equal(5, node["outputs.sink"].Out);
        Assert.Equal(2, options.Flushes);
    }

    [Fact]
    public async Task An_output_may_take_nothing_from_when_it_has_opened_on()
    {
        var output = Some.Component<ScriptedOutput>("sink", new ScriptedOutput.Options { Write = message => _written.Add(message.ToString()), PausesWhenOpened = true });
        await using var node = await TestNode.StartChainAsync(_source.Input(), output);

        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node["inputs.in"].Out == 3);
        await node.HandledAsync("outputs/sink");
        await node.Node.StopAsync(new CancellationToken(canceled: true));

        Assert.Empty(_written);
        Assert.Equal(3, node["outputs.sink"].Dropped["shutdown"]);
    }

    private Task<TestNode> StartAsync(OnError onError, Predicate<int> fails) => TestNode.StartChainAsync(
        _source.Input(),
        Some.Component<BatchOutput>("sink", new BatchOutput.Options { Written = _written, Fails = fails }).On(onError));

    /// <summary>Delivers one by one and throws without saying for which message.</summary>
    private sealed class BatchOutput(BatchOutput.Options options) : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
            foreach (var message in batch)
            {
                if (options.Fails((int)message["n"]!)) throw new IOException("no");
                options.Written.Add(message.ToString());
                Delivered(1);
            }
        }

        internal sealed record Options
        {
            public required List<string> Written { get; init; }

            public required Predicate<int> Fails { get; init; }
        }
    }

    private sealed class BufferingOutput(BufferingOutput.Options options) : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
        }

        protected override void Flush()
        {
            if (++options.Flushes == 1) throw new IOException("no");
            Delivered(Unfinished);
        }

        internal sealed record Options
        {
            public int Flushes { get; set; }
        }
    }
}
