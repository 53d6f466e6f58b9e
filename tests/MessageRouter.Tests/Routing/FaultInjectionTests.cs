using CsCheck;
using MessageRouter.Components;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
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
        await Plans.SampleAsync(RunAsync, iter: 150, threads: 2);

    private static async Task RunAsync(Plan plan)
    {
        var sources = plan.Inputs.Select(_ => new ProbeSource()).ToArray();
        await using var node = await TestNode.StartAsync(Build(plan, sources));

        await Task.WhenAll(sources.Select(source => Task.Run(() => SendAll(source)))).WaitAsync(TestNode.Patience);
        using var cancellation = new CancellationTokenSource();
        if (!plan.Drained) await cancellation.CancelAsync();
        var stopping = node.Node.StopAsync(cancellation.Token);
        await Eventually.IsTrueAsync(() => stopping.IsCompleted, node.Clock, TimeSpan.FromSeconds(1));

        var ledger = node.Node.Ledger();
        Assert.True(ledger.Balanced, ledger.ToJson());
        Assert.All(ledger.Components, line => Assert.True(line.Queued == 0, ledger.ToJson()));
        Assert.Equal(plan.Inputs.Length * PerInput, ledger.Components.Where(line => line.Name.StartsWith("inputs.", StringComparison.Ordinal)).Sum(line => line.In));
        Assert.Equal(plan.Drained, await stopping);
        if (plan.Drained) Assert.All(ledger.Components, line => Assert.DoesNotContain(DropReasons.Shutdown, line.Dropped));
        if (plan.Drained && plan.Everything.All(part => part is { Overflow: Overflow.Wait, OnError: not OnError.Stop }) && !node.Node.HasFailedComponents)
            Assert.All(ledger.Components.Where(line => line.Name != "errors"), line => Assert.Equal([], line.Dropped.Keys.Except([DropReasons.Undecodable])));
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
        var filters = plan.Filters.Select((part, i) => part.Applied(ScriptedFilter.Of(
            message =>
            {
                part.MayFail();
                return part.Next(5) == 0 ? null : part.Next(5) == 0 ? Some.Json(part.Next(100)) : message;
            },
            $"f{i}"))).ToList();
        var inputs = plan.Inputs.Select((part, i) => part.Applied(sources[i].Input(canPause: part.Seed % 3 != 0)) with { Name = $"i{i}" }).ToList();

        for (var i = 0; i < filters.Count; i++)
            filters[i] = filters[i] with { To = plan.Filters[i].Some(filters.Skip(i + 1).Concat(outputs)) };
        for (var i = 0; i < inputs.Count; i++) inputs[i] = inputs[i] with { To = plan.Inputs[i].Some(filters.Concat(outputs)) };
        return Support.Some.Node([.. inputs, .. filters, .. outputs]);
    }

    private sealed record Plan(Part[] Inputs, Part[] Filters, Part[] Outputs, bool Drained)
    {
        public IEnumerable<Part> Everything => Inputs.Concat(Filters).Concat(Outputs);
    }

    /// <summary>What is random about one component.</summary>
    internal sealed record Part(int Capacity, Overflow? Overflow, OnError OnError, int FailsOneIn, int Seed)
    {
        private readonly Random _random = new(Seed);

        public int Next(int below)
        {
            lock (_random) return _random.Next(below);
        }

        public void MayFail()
        {
            if (FailsOneIn > 1 && Next(FailsOneIn) == 0) throw new InvalidOperationException("injected");
        }

        public string[] Some(IEnumerable<ComponentDefinition> candidates)
        {
            var names = candidates.Select(component => component.Name).ToArray();
            var chosen = names.Where(_ => Next(2) == 0).ToArray();
            return chosen.Length > 0 ? chosen : [names[Next(names.Length)]];
        }

        public ComponentDefinition Applied(ComponentDefinition component) =>
            component.Bounded(Capacity, Overflow).On(OnError) with { Supervision = new SupervisionOptions { OnError = OnError } };
    }

    /// <summary>Keeps messages for a while, delivers some, drops some, and throws in between.</summary>
    internal sealed class FaultyBatchOutput(FaultyBatchOutput.Options options) : OutputActor
    {
        protected override void WriteBatch(MessageBatch batch)
        {
            options.Part.MayFail();
            if (Unfinished > 0 && options.Part.Next(3) == 0) Drop(1, "injected");
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
