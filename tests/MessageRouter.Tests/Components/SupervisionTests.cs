using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Components;

public class SupervisionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly ProbeSource _source = new();
    private int _created;
    private int _opened;
    private int _closed;
    private IActorRef _self = ActorRefs.Nobody;

    [Fact]
    public async Task Resume_goes_on_with_the_same_instance()
    {
        await using var node = await StartAsync(n => n % 2 != 0, OnError.Resume);

        _source.SendNumbers(1, 6);

        Assert.Equal([Some.Text(2), Some.Text(4), Some.Text(6)], await node.SinkAsync(3));
        Assert.Equal(1, _created);
        Assert.Equal(3, node["filters.f"].Failed);
        Assert.Equal(0, node["filters.f"].Restarts);
    }

    [Fact]
    public async Task Resume_is_not_reported_as_a_restart()
    {
        await using var node = await StartAsync(_ => false, OnError.Resume);

        _self.Tell(new InvalidOperationException("its own handler failed"));

        await Eventually.IsTrueAsync(() => node.Log.Lines.Any(line => line.Text.Contains("its own handler failed")));
        Assert.DoesNotContain(node.Log.Lines, line => line.Text.Contains("Restarting"));
    }

    [Fact]
    public async Task Restart_makes_a_new_instance_that_takes_over_the_mailbox()
    {
        await using var node = await StartAsync(n => n == 2, OnError.Restart);

        _source.SendNumbers(1, 4);

        Assert.Equal([Some.Text(1), Some.Text(3), Some.Text(4)], await node.SinkAsync(3));
        Assert.Equal((2, 2, 1), (_created, _opened, _closed));
        Assert.Equal(1, node["filters.f"].Restarts);
        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task Stop_ends_the_component_and_counts_what_is_left_and_still_sent()
    {
        await using var node = await StartAsync(n => n == 2, OnError.Stop);

        _source.SendNumbers(1, 4);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped.GetValueOrDefault("stopped") == 2);
        _source.SendNumbers(5, 3);
        await Eventually.IsTrueAsync(() => node["filters.f"].Dropped["stopped"] == 5);

        Assert.True(node.Node.HasFailedComponents);
        Assert.Equal([Some.Text(1)], await node.SinkAsync(1));
        Assert.Equal(1, _closed);
    }

    [Fact]
    public async Task Stop_does_not_take_back_what_was_passed_on_to_a_target_that_waits()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(
            _source.Input(), Filter(n => n == 9).On(OnError.Stop), gate.Output().Bounded(2, Overflow.Wait));

        _source.SendNumbers(1, 9);
        await Eventually.IsTrueAsync(() => node["filters.f"].Failed == 1);
        gate.Open();

        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 8, () => node.Node.Ledger().ToJson());
        Assert.Equal(Some.Texts(1, 8), gate.Taken);
    }

    [Fact]
    public async Task Backs_off_where_every_message_fails()
    {
        var times = new List<DateTimeOffset>();
        TestNode node = null!;
        await using var started = node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(_ =>
        {
            lock (times) times.Add(node.Clock.GetUtcNow());
            throw new InvalidOperationException("no");
        }));

        _source.SendNumbers(1, 8);
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 8, node.Clock, Step);

        var pauses = times.Zip(times.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToList();
        double[] expected = [0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
        Assert.All(pauses.Zip(expected), pair => Assert.True(pair.First >= pair.Second, $"{pair.First} s instead of {pair.Second} s"));
        Assert.Equal(8, node["filters.f"].Failed);
        await node.StopWhileTimePassesAsync();
    }

    [Fact]
    public async Task A_constructor_that_throws_fails_the_start()
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options { Create = () => throw new ArgumentException("no such thing") });

        var failure = await Assert.ThrowsAsync<ComponentStartException>(() => TestNode.StartChainAsync(_source.Input(), filter));

        Assert.Equal("filters.f could not be started: no such thing", failure.Message);
        Assert.Equal("f", failure.Component.Name);
        Assert.False(failure.IsUnavailable);
    }

    [Fact]
    public async Task Opening_that_fails_at_the_start_fails_the_start_and_closes()
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ => throw new FileNotFoundException("there is no file x"),
            Close = () => Interlocked.Increment(ref _closed),
        });

        var failure = await Assert.ThrowsAsync<ComponentStartException>(() => TestNode.StartChainAsync(_source.Input(), filter));

        Assert.Equal("filters.f could not be started: there is no file x", failure.Message);
        Assert.True(failure.IsUnavailable);
        Assert.Equal(1, _closed);
    }

    [Fact]
    public async Task A_name_that_no_actor_can_have_fails_the_start() =>
        Assert.Equal("f/g", (await Assert.ThrowsAsync<ComponentStartException>(
            () => TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(message => message, "f/g"))).WaitAsync(TestNode.Patience)).Component.Name);

    [Fact]
    public async Task Opening_that_fails_after_a_restart_closes_backs_off_and_loses_nothing()
    {
        var failures = 3;
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Open = _ =>
            {
                if (++_opened > 1 && failures-- > 0) throw new IOException("gone");
            },
            Close = () => Interlocked.Increment(ref _closed),
            Filter = message => (int)message["n"]! == 2 ? throw new InvalidOperationException("no") : message,
        });
        await using var node = await TestNode.StartChainAsync(_source.Input(), filter);

        _source.SendNumbers(1, 5);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 4, node.Clock, Step);

        Assert.Equal((5, 4), (_opened, _closed));
        Assert.Equal(4, node["filters.f"].Restarts);
        Assert.Equal([Some.Text(1), Some.Text(3), Some.Text(4), Some.Text(5)], node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task A_constructor_that_fails_after_a_restart_is_tried_again_and_loses_nothing()
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Create = () =>
            {
                if (++_created is > 1 and < 5) throw new IOException("gone");
            },
            Filter = message => (int)message["n"]! == 1 ? throw new InvalidOperationException("no") : message,
        });
        await using var node = await TestNode.StartChainAsync(_source.Input(), filter);

        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 2, node.Clock, Step);

        Assert.Equal(5, _created);
    }

    [Fact]
    public async Task A_constructor_that_fails_once_too_often_ends_the_component_and_does_not_keep_the_node_from_stopping()
    {
        var filter = Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
        {
            Create = () =>
            {
                if (++_created > 1) throw new IOException("gone");
            },
            Filter = _ => throw new InvalidOperationException("no"),
        });
        await using var node = await TestNode.StartChainAsync(_source.Input(), filter with { Supervision = new SupervisionOptions { MaxRestarts = 0 } });

        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node.Node.HasFailedComponents, node.Clock, Step);
        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(2, node["filters.f"].Dropped["stopped"]);
    }

    [Fact]
    public async Task A_wait_that_is_over_when_the_next_failure_begins_another_does_not_shorten_that_one()
    {
        await using var node = await StartAsync(_ => false, OnError.Restart);
        using var entered = new SemaphoreSlim(0);
        using var released = new ManualResetEventSlim();
        _source.SendNumbers(1, 1);
        await node.SinkAsync(1);
        _self.Tell(new IOException("first"));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _opened) == 2);
        _self.Tell(new IOException("second"));
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 2);

        _self.Tell(() =>
        {
            entered.Release();
            released.Wait(TestNode.Patience);
            throw new IOException("third");
        });
        Assert.True(await entered.WaitAsync(TestNode.Patience));
        node.Clock.Advance(TimeSpan.FromMilliseconds(200));
        released.Set();
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 3);
        await node.HandledAsync("filters/f");
        Assert.Equal(2, _opened);

        node.Clock.Advance(TimeSpan.FromMilliseconds(400));
        await node.HandledAsync("filters/f");
        Assert.Equal(3, _opened);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_input_that_is_to_resume_and_cannot_be_opened_again_is_tried_again_with_back_off(int failures)
    {
        var times = new System.Collections.Concurrent.ConcurrentQueue<DateTimeOffset>();
        TestNode? node = null;
        var options = new FailingInput.Options
        {
            Open = () =>
            {
                if (node is null) return;
                times.Enqueue(node.Clock.GetUtcNow());
                if (++_opened >= failures && _opened < 5) throw new IOException("still gone");
            },
        };
        await using var started = node = await TestNode.StartChainAsync(Some.Component<FailingInput>("in", options).On(OnError.Resume));

        for (var i = 0; i < failures; i++)
        {
            options.Fail(new IOException("gone"));
            await Eventually.IsTrueAsync(() => times.Count > i, node.Clock, Step);
        }
        await Eventually.IsTrueAsync(() => times.Count >= 5, node.Clock, Step);
        options.Source.SendNumbers(1, 1);
        Assert.Equal([Some.Text(1)], await node.SinkAsync(1));

        Assert.Equal(5, times.Count);
        double[] expected = [0.2, 0.4, 0.8, 1.6];
        Assert.All(times.Zip(times.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).Zip(expected), pair => Assert.True(pair.First >= pair.Second, $"{pair}"));
        await node.StopWhileTimePassesAsync();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_back_off_of_a_component_that_has_nothing_left()
    {
        await using var node = await StartAsync(_ => true, OnError.Restart);
        _source.SendNumbers(1, 3);
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 3, node.Clock, Step);

        var ledger = await node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal((3, 3, 0), (node["filters.f"].Failed, _opened, node["filters.f"].Dropped.Count));
        Assert.False(node.Node.HasFailedComponents);
    }

    [Fact]
    public async Task The_log_has_an_exceptions_text_without_line_ends_behind_it()
    {
        await using var node = await StartAsync(_ => false, OnError.Restart);

        _self.Tell(new IOException("No file was specified.\n"));
        await Eventually.IsTrueAsync(() => node["filters.f"].Restarts == 1);

        Assert.Contains(node.Log.Lines, line => line.Text == "Failed: IOException: No file was specified. Restarting in 0 s.");
    }

    [Fact]
    public async Task Messages_stay_in_the_mailbox_over_restarts_and_back_off()
    {
        await using var node = await StartAsync(n => n <= 3, OnError.Restart);

        for (var n = 1; n <= 50; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node.Recorded["outputs.sink"].Count == 47, node.Clock, Step);

        Assert.Equal(Some.Texts(4, 47), node.Texts("outputs.sink"));
    }

    [Fact]
    public async Task PoisonPill_gets_through_to_a_component_with_a_full_mailbox()
    {
        var gate = new Gate();
        await using var node = await TestNode.StartChainAsync(_source.Input(), gate.Output().Bounded(5, Overflow.DropNewest));
        for (var n = 1; n <= 20; n++) _source.SendNumbers(n, 1);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Dropped.GetValueOrDefault("mailbox-full") > 0 && node["outputs.sink"].In == 20);

        node.System.ActorSelection("/user/router/outputs/sink").Tell(PoisonPill.Instance);
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Dropped.GetValueOrDefault("stopped") > 0);
        await Eventually.IsTrueAsync(() => node["outputs.sink"] is { Queued: 0 } line && line.Dropped["mailbox-full"] + line.Dropped["stopped"] == 20);
    }

    [Theory]
    [InlineData(OnError.Restart)]
    [InlineData(OnError.Resume)]
    public async Task An_input_whose_reader_fails_is_opened_again(OnError onError)
    {
        var options = new FailingInput.Options { Open = () => _opened++, Close = () => _closed++ };
        await using var node = await TestNode.StartChainAsync(Some.Component<FailingInput>("in", options).On(onError));

        options.Fail(new IOException("gone"));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _opened) == 2);
        options.Source.SendNumbers(1, 1);

        Assert.Equal([Some.Text(1)], await node.SinkAsync(1));
        Assert.Contains(node.Log.Lines, line => line is { Level: LogLevel.Warning, Category: "inputs.in" } && line.Text.Contains("gone"));
    }

    [Fact]
    public async Task An_input_that_backs_off_while_the_node_stops_is_not_opened_again()
    {
        var options = new FailingInput.Options { Open = () => _opened++, Close = () => _closed++ };
        await using var node = await TestNode.StartChainAsync(Some.Component<FailingInput>("in", options));

        options.Fail(new IOException("gone"));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _opened) == 2);
        options.Fail(new IOException("gone"));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _closed) == 2);
        options.Source.SendNumbers(1, 1);
        await node.StopWhileTimePassesAsync();

        Assert.Equal(2, _opened);
        Assert.Equal(1, node["outputs.sink"].In);
    }

    [Theory]
    [InlineData(OnError.Restart)]
    [InlineData(OnError.Resume)]
    public async Task An_input_that_fails_while_it_stops_does_not_keep_the_node_from_stopping(OnError onError)
    {
        var options = new FailingInput.Options
        {
            Open = () => _opened++,
            Close = () =>
            {
                if (++_closed == 1) throw new IOException("cannot close");
            },
        };
        await using var node = await TestNode.StartChainAsync(Some.Component<FailingInput>("in", options).On(onError));
        options.Source.SendNumbers(1, 3);

        await node.StopAsync();

        Assert.Equal(1, _opened);
        Assert.Equal(Some.Texts(1, 3), node.Texts("outputs.sink"));
    }

    private ComponentDefinition Filter(Predicate<int> fails) => Some.Component<ScriptedFilter>("f", new ScriptedFilter.Options
    {
        Create = () => Interlocked.Increment(ref _created),
        Open = self =>
        {
            _self = self;
            Interlocked.Increment(ref _opened);
        },
        Close = () => Interlocked.Increment(ref _closed),
        Filter = message => fails((int)message["n"]!) ? throw new InvalidOperationException("no") : message,
    });

    private Task<TestNode> StartAsync(Predicate<int> fails, OnError onError) =>
        TestNode.StartChainAsync(_source.Input(), Filter(fails).On(onError));
}
