using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Filters;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Tests.Pools;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.ZeroMq;

namespace MessageRouter.Tests.Routing;

/// <summary>Whatever a component waits for that only time brings, a node that stops does not wait for it. Its time stands still here.</summary>
public sealed class DrainPausesTests
{
    private static readonly SupervisionOptions Supervision = new()
    {
        MaxRestarts = 2,
        MinBackoff = TimeSpan.FromSeconds(1),
        MaxBackoff = TimeSpan.FromSeconds(30),
    };

    private static readonly Dictionary<string, Func<Site, Task>> Pauses = new()
    {
        ["a filter before its restart"] = site => site.RunAsync(site.Filter(), "filters.f", "restarting"),
        ["an emitting filter before its restart"] = site => site.RunAsync(site.Emitter(), "filters.f", "restarting"),
        ["an output before its restart"] = site => site.RunAsync(site.Output(), "outputs.sink", "restarting"),
        ["the error output before its restart"] = site => site.RunIntoErrorsAsync(),
        ["an input before its restart"] = site => site.RunFailingInputAsync(),
        ["a copy before its restart"] = site => site.RunAsync(site.Filter() with { Instances = 2 }, "filters.f", "restarting", "running"),
        ["a copy before its restart, under hash"] = site => site.RunAsync(site.Filter() with { Instances = 2, Route = ByKey }, "filters.f", "restarting", "running"),
        ["all copies before their restart"] = site => site.RunAsync(site.Filter(all: true) with { Instances = 2 }, "filters.f", "restarting", "restarting"),
        ["a copy that is set aside"] = site => site.RunAsync(site.Filter(setAside: true) with { Instances = 2 }, "filters.f", "set-aside", "running"),
        ["all copies set aside"] = site => site.RunAsync(site.Filter(all: true, setAside: true) with { Instances = 2 }, "filters.f", "set-aside", "set-aside"),
        ["all copies set aside, under hash"] = site => site.RunAsync(site.Filter(all: true, setAside: true) with { Instances = 2, Route = ByKey }, "filters.f", "set-aside", "set-aside"),
        ["a pool of one that is set aside"] = site => site.RunAsync(site.Filter(all: true, setAside: true) with { Route = PoolRoute.RoundRobin }, "filters.f", "set-aside"),
        ["a copy that is to end before its restart"] = async site =>
        {
            await site.RunAsync(site.Filter("filters.f/2") with { Instances = 2 }, "filters.f", "running", "restarting");
            site.Resize = site.Node.Node.ResizeAsync("f", 1);
            await site.StateAsync("filters.f", "running", "ending");
        },
        ["a filter before it tries again"] = site => site.RunAsync(site.Trying(), "filters.f"),
        ["a copy before it tries again"] = site => site.RunAsync(site.Trying() with { Instances = 2 }, "filters.f"),
        ["a delay"] = site => site.RunAsync(Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = TimeSpan.FromHours(1) }), "filters.f"),
        ["copies of a delay"] = site => site.RunAsync(Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = TimeSpan.FromHours(1) }) with { Instances = 3 }, "filters.f"),
    };

    private static PoolRoute ByKey => PoolRoute.Hash("k");

    public static TheoryData<string> Kinds => [.. Pauses.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_node_that_stops_waits_for_no(string pause)
    {
        await using var site = new Site();
        await Pauses[pause](site);

        site.Heals();
        var ledger = await site.Node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.Equal(site.Sent, site.Arrived + site.Failed);
        Assert.Empty(ledger.Components.SelectMany(line => line.Dropped));
        if (site.Resize is { } resize) await Record.ExceptionAsync(() => resize.WaitAsync(TestNode.Patience));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_node_that_stops_tries_once_more_what_fails_for_good(string pause)
    {
        await using var site = new Site();
        await Pauses[pause](site);

        site.BreaksForGood();
        var ledger = await site.Node.StopAsync();

        Assert.True(ledger.Balanced, ledger.ToJson());
        var dropped = ledger.Components.SelectMany(line => line.Dropped).ToList();
        Assert.Equal(site.Sent, site.Arrived + site.Failed + dropped.Sum(drop => drop.Value));
        Assert.All(dropped, drop => Assert.Equal(DropReasons.Shutdown, drop.Key));
        Assert.False(site.Node.Node.HasFailedComponents, "It is the stop that has ended what would have been tried again.");
        if (site.Resize is { } resize) await Record.ExceptionAsync(() => resize.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task Messages_on_which_a_filter_fails_one_after_the_other_do_not_keep_the_good_ones_behind_them_from_leaving()
    {
        await using var site = new Site();
        await site.RunAsync(ScriptedFilter.Throwing(n => n <= 90) with { Supervision = Supervision }, 100, "filters.f", "restarting");

        await site.Node.StopAsync();

        Assert.Equal(Enumerable.Range(91, 10), site.Numbers);
        Assert.Equal(90, site.Node["filters.f"].Failed);
    }

    [Fact]
    public async Task Copies_that_all_fail_on_messages_one_after_the_other_do_not_keep_the_good_ones_from_leaving()
    {
        await using var site = new Site();
        await site.RunAsync(ScriptedFilter.Throwing(n => n <= 90) with { Supervision = Supervision, Instances = 2 }, 100, "filters.f", "set-aside", "set-aside");

        await site.Node.StopAsync();

        Assert.Equal(Enumerable.Range(91, 10), site.Numbers.Order());
        Assert.Equal(90, site.Node["filters.f"].Failed);
    }

    [Fact]
    public async Task A_copy_that_fails_while_the_node_stops_leaves_its_messages_to_the_others()
    {
        await using var site = new Site();
        await site.RunAsync(site.Filter(setAside: true) with { Instances = 2 }, "filters.f", "restarting", "running");

        var ledger = await site.Node.StopAsync();

        Assert.Equal(3, ledger.Components.Single(line => line.Name == "filters.f").Failed);
        Assert.Equal(site.Sent - 3, site.Arrived);
    }

    [Fact]
    public async Task Under_hash_the_order_of_each_key_holds_while_the_node_stops()
    {
        await using var site = new Site();
        await site.RunAsync(site.Filter(all: true, setAside: true) with { Instances = 3, Route = ByKey }, 300, "filters.f", "set-aside", "set-aside", "set-aside");

        site.Heals();
        await site.Node.StopAsync();

        foreach (var key in site.Node.Recorded["outputs.sink"].GroupBy(message => (int)message["k"]!, message => (int)message["n"]!))
            Assert.Equal(key.Order(), key);
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("at-least-once")]
    [InlineData("push")]
    public async Task A_node_that_stops_does_not_wait_until_a_peer_is_tried_again(string kind)
    {
        var never = new ReconnectOptions { Min = TimeSpan.FromDays(1), Max = TimeSpan.FromDays(1) };
        string[] nobody = [Zmq.FreeEndpoint()];
        var input = new ZeroMqInput.Options { SocketType = ReceiverSocket.Pull, Connect = nobody, Reconnect = never };
        await using var node = await Zmq.StartAsync(kind switch
        {
            "pull" => [Zmq.Input(input)],
            "at-least-once" => [Zmq.Input(input with { Delivery = DeliveryMode.AtLeastOnce })],
            _ => [new ProbeSource().Input(), Zmq.Output(new ZeroMqOutput.Options { SocketType = SenderSocket.Push, Connect = nobody, Reconnect = never })],
        });

        Assert.True((await node.StopAsync()).Balanced);
    }

    /// <summary>A node with something in it that fails until it heals, or for good.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private const int Messages = 40;

        private readonly ProbeSource _source = new();
        private readonly HashSet<string> _failed = [];
        private volatile bool _heals;
        private volatile bool _broken;
        private string _end = "outputs.sink";
        private TestNode? _node;

        public TestNode Node => _node!;

        public int Sent { get; private set; }

        public Task? Resize { get; set; }

        /// <summary>Messages, or error events, that have come to the end of their way.</summary>
        public long Arrived => Node[_end].Out;

        /// <summary>Messages, or error events, that a component has failed on.</summary>
        public long Failed => _end == "errors" ? Node[_end].Failed : Node.Node.Ledger().Components.Sum(line => line.Failed);

        public IEnumerable<int> Numbers => Node.Recorded["outputs.sink"].Select(message => (int)message["n"]!);

        /// <summary>From now on nothing fails any more.</summary>
        public void Heals() => _heals = true;

        /// <summary>From now on nothing that failed before can even be opened.</summary>
        public void BreaksForGood() => _broken = true;

        /// <summary>One, or the named copy of it, that fails on each message; or all copies.</summary>
        /// <param name="copy">The copy that fails.</param>
        /// <param name="all">Whether all do.</param>
        /// <param name="setAside">Whether a copy that fails for the third time in a row is set aside.</param>
        public ComponentDefinition Filter(string copy = "filters.f/1", bool all = false, bool setAside = false) =>
            Some.Component<PoolTests.NamedFilter>("f", new PoolTests.NamedFilter.Options
            {
                Filter = (name, message) => all || name == copy || name == "filters.f" ? Fail(name, message) : message,
                Open = Open,
            }) with { Supervision = Supervision with { MaxRestarts = setAside ? 1 : 100 } };

        public ComponentDefinition Emitter() => Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options
        {
            Process = (message, emit) => emit(Fail("f", message)),
            Open = _ => Open("f"),
        }) with { Supervision = Supervision };

        public ComponentDefinition Output() => Some.Component<ScriptedOutput>("sink", new ScriptedOutput.Options
        {
            Write = message => Fail("sink", message),
            Open = () => Open("sink"),
        }) with { Supervision = Supervision };

        public ComponentDefinition Trying() => Filter(all: true) with { Retry = new RetryOptions { Attempts = 3, Backoff = TimeSpan.FromHours(1) } };

        public Task RunAsync(ComponentDefinition component, string name, params string[] states) => RunAsync(component, Messages, name, states);

        public async Task RunAsync(ComponentDefinition component, int messages, string name, params string[] states)
        {
            component = component.Bounded(10_000, Overflow.Wait);
            _node = await TestNode.StartChainAsync([_source.Input(), component]);
            Send(messages);
            await StateAsync(name, states);
        }

        public async Task RunIntoErrorsAsync()
        {
            var errors = Output() with { Name = "" };
            _node = await TestNode.StartAsync(Some.Chain(_source.Input(), ScriptedFilter.Throwing(_ => true).On(OnError.Resume)) with { Errors = errors });
            _end = "errors";
            Send(Messages);
            await StateAsync(_end, "restarting");
        }

        public async Task RunFailingInputAsync()
        {
            var options = new FailingInput.Options { Open = () => Open("in") };
            _node = await TestNode.StartChainAsync(Some.Component<FailingInput>("in", options) with { Supervision = Supervision });
            _failed.Add("in");
            options.Source.SendNumbers(1, Sent = Messages);
            await Node.SinkAsync(Messages);
            _broken = true;
            options.Fail(new IOException("gone"));
            await StateAsync("inputs.in", "restarting");
        }

        /// <summary>Waits until a component, or each of its copies, is at what is to be tested; where none is said, until all messages have come to it.</summary>
        public Task StateAsync(string name, params string[] states)
        {
            return Eventually.IsTrueAsync(IsReached, Node.Clock, TimeSpan.FromMilliseconds(states.Contains("set-aside") ? 50 : 0), () => Node.Node.Ledger().ToJson());

            bool IsReached()
            {
                var line = Node[name];
                if (states.Length == 0) return line.In == Sent;
                if (line.Workers is not { } copies) return Waits(line.Restarts);
                return copies.Select(copy => copy.State).SequenceEqual(states) && copies.All(copy => copy.State != "restarting" || Waits(copy.Restarts ?? 0));
            }

            // The first restart comes at once, the second after a pause.
            bool Waits(long restarts) => restarts == 2;
        }

        public async ValueTask DisposeAsync()
        {
            if (_node is not null) await _node.DisposeAsync();
        }

        private void Send(int count)
        {
            Sent = count;
            _source.Send([.. Enumerable.Range(1, count).Select(n => $$"""{"n":{{n}},"k":{{n % 16}}}""")]);
        }

        private Message Fail(string name, Message message)
        {
            if (_heals) return message;
            lock (_failed) _failed.Add(name);
            throw new InvalidOperationException("no");
        }

        private void Open(string name)
        {
            lock (_failed)
            {
                if (_broken && !_heals && _failed.Contains(name)) throw new IOException("gone");
            }
        }
    }
}
