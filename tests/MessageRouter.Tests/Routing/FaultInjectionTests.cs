using CsCheck;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Routing;

/// <summary>
/// Random nodes whose components throw at random: whatever happens, every message must end in exactly one count, and
/// where nothing may be dropped, nothing is.
/// </summary>
public class FaultInjectionTests
{
    private const int PerInput = 300;

    private static readonly Gen<Part> Parts = Gen.Select(
        Gen.Int[1, 20],
        Gen.OneOf(Gen.Const((Overflow?)null), Gen.Enum<Overflow>().Select(overflow => (Overflow?)overflow)),
        Gen.Enum<OnError>(),
        Gen.Int[0, 15],
        Gen.Int[0, int.MaxValue],
        (capacity, overflow, onError, failsOneIn, seed) => new Part(capacity, overflow, onError, failsOneIn, seed));

    private static readonly Gen<Plan> Plans = Gen.Select(
        Parts.Array[1, 3], Parts.Array[0, 4], Parts.Array[1, 3], Gen.Bool,
        (inputs, filters, outputs, drained) => new Plan(inputs, filters, outputs, drained));

    [Fact]
    public async Task Every_message_ends_in_exactly_one_count() =>
        await Plans.SampleAsync(RunAsync, iter: 150, threads: 2, print: plan => plan.Describe());

    /// <remarks>All wait, nobody is stopped, and every input can pause.</remarks>
    [Fact]
    public async Task Where_everything_waits_nothing_is_dropped() =>
        await Plans.Select(plan => plan.ThatMayDropNothing()).SampleAsync(RunAsync, iter: 50, threads: 2, print: plan => plan.Describe());

    /// <remarks>Their sizes change while messages come and the node stops.</remarks>
    [Fact]
    public async Task So_it_is_where_filters_are_pools() =>
        await Plans.Select(plan => plan with { Pooled = true }).SampleAsync(RunAsync, iter: 100, threads: 2, print: plan => plan.Describe());

    [Fact]
    public async Task Where_everything_waits_pools_drop_nothing_either() =>
        await Plans.Select(plan => plan.ThatMayDropNothing() with { Pooled = true }).SampleAsync(RunAsync, iter: 50, threads: 2, print: plan => plan.Describe());

    private static async Task RunAsync(Plan plan)
    {
        var sources = plan.Inputs.Select(_ => new ProbeSource()).ToArray();
        await using var node = await TestNode.StartAsync(Build(plan, sources));

        var resized = Task.WhenAll(plan.Filters.Select((part, i) => plan.Pooled ? ResizeAsync(node.Node, $"f{i}", part) : Task.CompletedTask));
        await Task.WhenAll(sources.Select(source => Task.Run(() => SendAll(source)))).WaitAsync(TestNode.Patience);
        using var cancellation = new CancellationTokenSource();
        if (!plan.Drained) await cancellation.CancelAsync();
        var drained = await node.StopWhileTimePassesAsync(cancellation.Token);
        await resized.WaitAsync(TestNode.Patience);

        var ledger = node.Node.Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.All(ledger.Components, line => Assert.True(line.Queued == 0, ledger.ToJson()));
        Assert.Equal(plan.Inputs.Length * PerInput, ledger.Components.Where(line => line.Name.StartsWith("inputs.", StringComparison.Ordinal)).Sum(line => line.In));
        Assert.Equal(!node.Node.IsCutShort && ledger.Components.All(line => !line.Dropped.ContainsKey(DropReasons.Shutdown)), drained);

        // A drain makes no pauses, so that one that fails all too often in a row does not come to the end of its messages.
        var failed = node.Node.Components.Where(cell => cell.StoppedByFailure).Select(cell => cell.Name).ToHashSet();
        if (plan.Drained) Assert.All(ledger.Components.Where(line => !failed.Contains(line.Name)), line => Assert.DoesNotContain(DropReasons.Shutdown, line.Dropped));
        if (plan.MayDropNothing && failed.Count == 0)
            Assert.All(ledger.Components.Where(line => line.Name != "errors"), line => Assert.Equal([], line.Dropped.Keys.Except([DropReasons.Undecodable, FaultyBatchOutput.Reason])));
    }

    private static async Task ResizeAsync(RouterNode node, string filter, Part part)
    {
        try
        {
            for (var i = 0; i < 4; i++) await node.ResizeAsync(filter, 1 + part.Next(5));
        }
        catch (InvalidOperationException)
        {
            // It has been stopped, by its supervision or with the node.
        }
    }

    private static void SendAll(ProbeSource source)
    {
        var random = new Random(1);
        for (var n = 0; n < PerInput;)
        {
            var size = Math.Min(random.Next(1, 12), PerInput - n);
            source.Send([.. Enumerable.Range(n, size).Select(m => m % 50 == 7 ? "bad" : Some.Text(m))]);
            n += size;
        }
    }

    /// <summary>Every component sends to some of those behind it, and to at least one.</summary>
    private static NodeDefinition Build(Plan plan, ProbeSource[] sources)
    {
        var outputs = plan.Outputs.Select((part, i) => part.Applied(part.Seed % 2 == 0
            ? ScriptedOutput.Of(_ => part.MayFail(), $"o{i}")
            : Some.Component<FaultyBatchOutput>($"o{i}", new FaultyBatchOutput.Options { Part = part }))).ToList();
        var filters = plan.Filters.Select((part, i) => part.Applied(Filter(part, $"f{i}"))).ToList();
        var inputs = plan.Inputs.Select((part, i) => part.Applied(sources[i].Input(part.CanPause)) with { Name = $"i{i}" }).ToList();

        for (var i = 0; i < filters.Count; i++)
            filters[i] = filters[i] with { To = plan.Filters[i].Some(filters.Skip(i + 1).Concat(outputs)), Instances = plan.Pooled ? 1 + plan.Filters[i].Next(4) : 1, Route = plan.Pooled ? plan.Filters[i].Route : null };
        for (var i = 0; i < inputs.Count; i++) inputs[i] = inputs[i] with { To = plan.Inputs[i].Some(filters.Concat(outputs)) };
        return Support.Some.Node([.. inputs, .. filters, .. outputs]);
    }

    /// <summary>One of the three forms; some of them try again.</summary>
    private static ComponentDefinition Filter(Part part, string name)
    {
        var filter = (part.Seed % 3) switch
        {
            0 => ScriptedFilter.Of(part.Filter, name),
            1 => ScriptedEmitter.Of(
                (message, emit) =>
                {
                    for (var i = part.Next(4); i > 0; i--)
                    {
                        if (part.Filter(message) is { } result) emit(result);
                    }
                },
                name),
            _ => Support.Some.Component<FaultyAsyncFilter>(name, new FaultyAsyncFilter.Options { Part = part }),
        };
        return filter with
        {
            Retry = new RetryOptions { Attempts = 1 + (part.Seed % 4), Backoff = TimeSpan.FromMilliseconds(10) },
            Async = new AsyncOptions { Concurrency = 1 + (part.Seed % 7), Ordered = part.Seed % 2 == 0 },
        };
    }

    private sealed record Plan(Part[] Inputs, Part[] Filters, Part[] Outputs, bool Drained)
    {
        public string Describe() =>
            string.Join('\n', (object[])[$"Drained = {Drained}, Pooled = {Pooled}", "Inputs", .. Inputs, "Filters", .. Filters, "Outputs", .. Outputs]);

        public bool MayDropNothing { get; private init; }

        public bool Pooled { get; init; }

        public Plan ThatMayDropNothing() => new(
            [.. Inputs.Select(part => part.ThatMayDropNothing() with { CanPause = true })],
            [.. Filters.Select(part => part.ThatMayDropNothing())],
            [.. Outputs.Select(part => part.ThatMayDropNothing())],
            Drained: true) { MayDropNothing = true };
    }

    /// <summary>What is random about one component.</summary>
    internal sealed record Part(int Capacity, Overflow? Overflow, OnError OnError, int FailsOneIn, int Seed)
    {
        private readonly Random _random = new(Seed);

        /// <summary>Of an input: whether it can pause.</summary>
        public bool CanPause { get; init; } = Seed % 3 != 0;

        public PoolRoute Route => (Seed % 3) switch
        {
            0 => PoolRoute.RoundRobin,
            1 => PoolRoute.LeastBusy,
            _ => PoolRoute.Hash("n"),
        };

        public Part ThatMayDropNothing() =>
            this with { Overflow = MessageRouter.Mailboxes.Overflow.Wait, OnError = OnError == OnError.Stop ? OnError.Restart : OnError };

        public int Next(int below)
        {
            lock (_random) return _random.Next(below);
        }

        public void MayFail()
        {
            if (FailsOneIn > 1 && Next(FailsOneIn) == 0) throw new InvalidOperationException("injected");
        }

        public Message? Filter(Message message)
        {
            MayFail();
            return Next(5) == 0 ? null : Next(5) == 0 ? Support.Some.Json(Next(100)) : message;
        }

        public string[] Some(IEnumerable<ComponentDefinition> candidates)
        {
            var names = candidates.Select(component => component.Name).ToArray();
            var chosen = names.Where(_ => Next(2) == 0).ToArray();
            return chosen.Length > 0 ? chosen : [names[Next(names.Length)]];
        }

        public ComponentDefinition Applied(ComponentDefinition component) =>
            component.Bounded(Capacity, Overflow) with
            {
                Supervision = new SupervisionOptions
                {
                    OnError = OnError,
                    MinBackoff = TimeSpan.FromMilliseconds(50),
                    MaxBackoff = TimeSpan.FromMilliseconds(200),
                },
            };
    }

    /// <summary>Throws before, or after, it has given its thread away.</summary>
    internal sealed class FaultyAsyncFilter(FaultyAsyncFilter.Options options) : AsyncFilterActor
    {
        protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
        {
            if (options.Part.Next(2) == 0) await Task.Yield();
            return options.Part.Filter(message);
        }

        internal sealed record Options
        {
            public required Part Part { get; init; }
        }
    }

    /// <summary>Keeps messages for a while, delivers some, drops some, and throws in between.</summary>
    internal sealed class FaultyBatchOutput(FaultyBatchOutput.Options options) : OutputActor
    {
        public const string Reason = "injected";

        protected override void WriteBatch(MessageBatch batch)
        {
            options.Part.MayFail();
            if (Unfinished > 0 && options.Part.Next(3) == 0) Drop(1, Reason);
            Delivered(options.Part.Next(Unfinished + 1));
            options.Part.MayFail();
        }

        protected override void Flush()
        {
            options.Part.MayFail();
            Delivered(Unfinished);
        }

        internal sealed record Options
        {
            public required Part Part { get; init; }
        }
    }
}
