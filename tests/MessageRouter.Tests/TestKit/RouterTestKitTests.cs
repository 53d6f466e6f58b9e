using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Outputs;
using MessageRouter.Routing;
using MessageRouter.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.TestKit;

public sealed class RouterTestKitTests : RouterTestKit
{
    private readonly List<string> _written = [];

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton(_written);

    [Fact]
    public async Task Shows_what_comes_out_of_a_filter()
    {
        var filter = await StartAsync<Redact>("fields = [password]");

        filter.Send("""{"user":"ann","password":"x"}""");

        Assert.Equal(["""{"user":"ann"}"""], await filter.ReceiveAsync(1));
    }

    public static TheoryData<string, Func<NodeUnderTest, CancellationToken, Task>> Waits => new()
    {
        { "for messages", (node, cancelled) => node.ReceiveAsync("outputs.sink", 1, cancelled) },
        { "for errors", (node, cancelled) => node.ReceiveErrorsAsync(1, cancelled) },
        { "for rest", (node, cancelled) => node.IdleAsync(cancelled) },
        { "for a time", (node, cancelled) => node.AdvanceAsync(TimeSpan.FromSeconds(1), cancelled) },
        { "for a restart", (node, cancelled) => node.RestartAsync("filters.held", cancelled) },
        { "for the end", (node, cancelled) => node.StopAsync(cancelled) },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_wait_that_is_cancelled_ends(string what, Func<NodeUnderTest, CancellationToken, Task> wait)
    {
        var node = await StartNodeAsync("""router { inputs.in { type = null, to = held }, filters.held { type = delay, delay = 1h, to = sink }, outputs.sink { type = test } }""");
        node.Send("inputs.in", "a");

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait(node, new CancellationToken(canceled: true)));

        Assert.True(exception is not null, what);
    }

    [Fact]
    public async Task Gives_each_message_that_came_out_once_and_keeps_all()
    {
        var filter = await StartAsync<NullFilter>();

        filter.Send("1", "2", "3");

        Assert.Equal(["1"], await filter.ReceiveAsync(1));
        Assert.Equal(["2", "3"], await filter.ReceiveAsync(2));
        Assert.Equal(["1", "2", "3"], filter.Texts);
    }

    [Fact]
    public async Task Sends_what_is_no_json_as_text()
    {
        var filter = await StartAsync<NullFilter>();

        filter.Send("no json", "{}");

        Assert.Equal([MessageFormat.Text, MessageFormat.Json], (await filter.ReceiveMessagesAsync(2)).Select(message => message.Format));
    }

    [Fact]
    public async Task Takes_an_options_object()
    {
        var filter = await StartAsync<Redact>(new Redact.Options(["password"]));

        filter.Send("""{"password":"x"}""");

        Assert.Equal(["{}"], await filter.ReceiveAsync(1));
    }

    [Fact]
    public async Task Shows_what_fails_and_with_which_exception()
    {
        var filter = await StartAsync<Redact>("fields = [password]");

        filter.Send("""[1]""");

        var error = Assert.Single(await filter.ReceiveErrorsAsync(1));
        Assert.Equal("[1]", error.Payload);
        Assert.Equal("filters.subject", error.Component);
        Assert.Equal("failed", error.Kind);
        Assert.Contains("JSON object", error.Error);
        Assert.Contains(nameof(MessageException), error.Exception);
        Assert.Equal(1, filter.Ledger.Failed);
    }

    [Theory]
    [InlineData("fieldz = [a]", "error: unknown key `fieldz` for filter `subject` (MessageRouter.Tests.TestKit.Redact)\n --> options:1:1\n  |\n1 | fieldz = [a]\n  | ^^^^^^ did you mean `fields`?")]
    [InlineData("fields = ", "options:1:")]
    [InlineData("fields = []\nto = [nowhere]\nfields { a = 1 }", "options:3:8")]
    [InlineData("", "filter `subject` (MessageRouter.Tests.TestKit.Redact) needs a key `fields`")]
    public async Task Says_of_bad_options_what_a_file_would_say(string options, string expected)
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync<Redact>(options));

        Assert.True(exception.Message.Contains(expected, StringComparison.Ordinal), exception.Message);
    }

    [Fact]
    public async Task Checks_an_options_object_too()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync<DelayFilter>(new DelayFilter.Options { Delay = TimeSpan.Zero }));

        Assert.Contains("`delay` must be more than 0", exception.Message);
    }

    [Fact]
    public async Task Moves_the_clock_and_the_actors_timers_together()
    {
        var filter = await StartAsync<Ticking>();

        await filter.AdvanceAsync(TimeSpan.FromSeconds(3.5));

        Assert.Equal(["akka 1 at 1.0", "clock 1 at 1.0", "akka 2 at 2.0", "clock 2 at 2.0", "akka 3 at 3.0", "clock 3 at 3.0"], _written.Order(StringComparer.Ordinal).OrderBy(line => line[^3]));
    }

    [Fact]
    public async Task Moves_time_for_what_is_held()
    {
        var filter = await StartAsync<DelayFilter>("delay = 1s");
        filter.Send("1");

        await filter.AdvanceAsync(TimeSpan.FromSeconds(0.9));
        Assert.Empty(filter.Texts);
        Assert.Equal(1, filter.Ledger.Queued);

        await filter.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["1"], filter.Texts);
        await filter.IdleAsync();
    }

    [Fact]
    public async Task Waits_until_everything_sent_is_handled()
    {
        var filter = await StartAsync<AllFilter>();

        filter.Send(Enumerable.Range(0, 30_000).Select(n => $"{n}"));
        await filter.IdleAsync();

        Assert.Equal(30_000, filter.Ledger.Filtered);
    }

    [Fact]
    public async Task Restarts_the_component_again_and_again()
    {
        var filter = await StartAsync<Redact>("fields = [a]");
        for (var n = 1; n <= 5; n++) await filter.RestartAsync();

        filter.Send("""{"a":1}""");

        Assert.Equal(["{}"], await filter.ReceiveAsync(1));
        Assert.Equal(5, filter.Ledger.Restarts);
    }

    [Fact]
    public async Task Feeds_an_input_as_if_it_had_read_and_shows_what_it_sends()
    {
        var input = await StartAsync<NullInput>();

        input.Send("1", "no json");
        await input.IdleAsync();

        Assert.Equal(["1"], input.Texts);
        Assert.Equal("undecodable", Assert.Single(input.Errors).Kind);
    }

    [Fact]
    public async Task Has_an_input_make_its_messages_as_time_goes_on()
    {
        var input = await StartAsync<GeneratorInput>("""rate = 1, template = "%{seq}" """);

        await input.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(["1", "2", "3"], input.Texts);
    }

    [Fact]
    public async Task Sends_to_an_output()
    {
        var output = await StartAsync<Writer>("encode = bytes");

        output.Send("1", "2");
        await output.IdleAsync();

        Assert.Equal(["1", "2"], _written);
        Assert.Equal(2, output.Ledger.Out);
        await Assert.ThrowsAsync<InvalidOperationException>(() => output.ReceiveAsync(1));
    }

    [Fact]
    public async Task Starts_a_whole_node()
    {
        var node = await StartNodeAsync("""
            router {
              inputs { in { type = null, to = redact } }
              filters { redact { class = "MessageRouter.Tests.TestKit.Redact", fields = [a], to = [left, right] } }
              outputs { left { type = test }, right { type = test } }
              errors { type = test }
            }
            """);

        node.Send("inputs.in", """{"a":1}""", "no json");

        Assert.Equal(["{}"], await node.ReceiveAsync("outputs.left", 1));
        Assert.Equal(["{}"], await node.ReceiveAsync("outputs.right", 1));
        Assert.Equal("no json", (await node.ReceiveErrorsAsync(1))[0].Payload);
        Assert.True((await node.StopAsync()).Balanced);
    }

    [Fact]
    public async Task Starts_a_node_after_the_one_before_has_stopped()
    {
        for (var n = 1; n <= 20; n++)
        {
            var filter = await StartAsync<NullFilter>();
            filter.Send($"{n}");
            await filter.StopAsync();
            Assert.Equal([$"{n}"], filter.Texts);
        }
        await StartAsync<NullFilter>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync<NullFilter>());
    }

    [Fact]
    public async Task Starts_a_node_after_one_that_could_not_start()
    {
        for (var n = 1; n <= 20; n++)
        {
            var exception = await Assert.ThrowsAsync<ComponentStartException>(() => StartAsync<FileOutput>("""path = "/nowhere/at/all" """));
            Assert.Contains("outputs.subject could not be started", exception.Message);
        }
        await StartAsync<NullFilter>();
    }

    /// <summary>Sets its timers anew each time, one of each clock.</summary>
    private sealed class Ticking : FilterActor
    {
        private readonly List<string> _written;
        private int _akka;
        private int _clock;

        public Ticking(List<string> written)
        {
            _written = written;
            Receive<string>(kind =>
            {
                var n = kind == "akka" ? ++_akka : ++_clock;
                _written.Add($"{kind} {n} at {Clock.GetUtcNow():s.f}");
                Start(kind);
            });
        }

        protected override void Open()
        {
            Start("akka");
            Start("clock");
        }

        protected override Message? Filter(Message message) => message;

        private void Start(string kind)
        {
            var self = Self;
            if (kind == "akka") Timers.StartSingleTimer(kind, kind, TimeSpan.FromSeconds(1));
            else Clock.CreateTimer(_ => self.Tell(kind), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Writer(List<string> written) : OutputActor
    {
        protected override void Write(Message message) => written.Add(message.ToString());
    }
}
