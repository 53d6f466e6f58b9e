using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Reloading;

/// <summary>
/// Random sequences of reloads, some of which fail, while messages come in without a pause. Every message that came in arrives exactly once, in order on
/// each way, components that do not change stay the same, and the ledger balances.
/// </summary>
/// <remarks>MESSAGE_ROUTER_RELOAD_RUNS sets how many sequences there are.</remarks>
public sealed class ReloadModelTests
{
    private const int ReloadsOfARun = 6;

    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("MESSAGE_ROUTER_RELOAD_RUNS"), CultureInfo.InvariantCulture, out var runs) ? runs : 60;

    [Fact]
    public async Task No_sequence_of_reloads_loses_doubles_or_disorders_messages()
    {
        for (var seed = 1; seed <= Runs; seed++) await new Run(seed).CheckAsync();
    }

    /// <summary>One sequence, the same for the same seed but for how threads meet.</summary>
    private sealed class Run(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly ConcurrentQueue<(int Number, string Way)> _arrived = new();
        private readonly ProbeSource _source = new();
        private List<Block> _chain = [new("a", 0, 1, 100), new("b", 0, 1, 100)];
        private (int Variant, int Capacity) _output = (0, 100);

        public async Task CheckAsync()
        {
            await using var node = await TestNode.StartAsync(Definition(_chain, _output, fails: false));
            using var over = new CancellationTokenSource();
            var feeding = Task.Run(() => FeedAsync(over.Token));
            try
            {
                for (var i = 0; i < ReloadsOfARun; i++) await ReloadAsync(node).WaitAsync(TestNode.Patience);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message} {node.Node.DescribeHoldups()} {node.Node.Ledger().ToJson()}", exception);
            }
            finally
            {
                await over.CancelAsync();
            }
            var count = await feeding.WaitAsync(TestNode.Patience);
            var ledger = await node.StopAsync();

            Assert.True(ledger.Balanced, $"Seed {seed}: {ledger.ToJson()}");
            Assert.Equal(Enumerable.Range(1, count), _arrived.Select(message => message.Number).Order());
            foreach (var way in _arrived.GroupBy(message => (message.Way, Key: message.Number % 3)))
            {
                var numbers = way.Select(message => message.Number).ToList();
                Assert.True(numbers.SequenceEqual(numbers.Order()), $"Seed {seed}: on {way.Key.Way} messages came as {string.Join(" ", numbers)}.");
            }
        }

        private async Task<int> FeedAsync(CancellationToken over)
        {
            var number = 0;
            while (!over.IsCancellationRequested || number < 200)
            {
                var batch = Enumerable.Range(number + 1, 7).Select(n => _source.Intake.NewMessage(Encoding.UTF8.GetBytes($$"""{"n":{{n}},"k":{{n % 3}},"way":""}"""))).ToArray();
                number += 7;
                await _source.Intake.AddAsync(MessageBatch.Of(batch), CancellationToken.None);
                await Task.Yield();
            }
            return number;
        }

        private async Task ReloadAsync(TestNode node)
        {
            var before = node.Node.Components.ToDictionary(cell => cell.Name);
            var (chain, output, fails) = (Changed(_chain), _random.Next(3) == 0 ? (_output.Variant + 1, _random.Next(1, 200)) : _output, _random.Next(4) == 0);
            var next = Definition(chain, output, fails);
            if (fails)
            {
                await Assert.ThrowsAsync<ReloadException>(() => node.Node.ReloadAsync(next));
                Assert.Equal(before.Values, node.Node.Components);
                return;
            }
            var plan = await node.Node.ReloadAsync(next);
            (_chain, _output) = (chain, output);
            foreach (var block in plan.Blocks.Where(block => block.Action is BlockAction.Untouched or BlockAction.ChangedInPlace))
                Assert.Same(before[block.Name], node.Node.Components.Single(cell => cell.Name == block.Name));
        }

        /// <summary>One change or a few: other code, other sizes, one more, one less.</summary>
        private List<Block> Changed(List<Block> chain)
        {
            chain = [.. chain];
            for (var changes = _random.Next(1, 4); changes > 0; changes--)
            {
                var at = _random.Next(chain.Count);
                var block = chain[at];
                switch (_random.Next(5))
                {
                    case 0: chain[at] = block with { Variant = block.Variant + 1 }; break;
                    case 1: chain[at] = block with { Copies = _random.Next(1, 4) }; break;
                    case 2: chain[at] = block with { Capacity = _random.Next(1, 200) }; break;
                    case 3 when chain.Count < 5: chain.Insert(at, new Block($"x{_random.Next(1000)}", 0, _random.Next(1, 3), 50)); break;
                    case 4 when chain.Count > 1: chain.RemoveAt(at); break;
                }
            }
            return [.. chain.DistinctBy(known => known.Name)];
        }

        private NodeDefinition Definition(List<Block> chain, (int Variant, int Capacity) output, bool fails)
        {
            var filters = chain.Select(block => ScriptedFilter.Of(Stamp(block), block.Name).Bounded(block.Capacity, Overflow.Wait) with
            {
                Options = Options(block),
                Instances = block.Copies,
                Route = PoolRoute.Hash("k"),
            });
            var failing = ScriptedFilter.Of(message => message, "failing") with { Options = new ScriptedFilter.Options { Open = _ => throw new IOException("It cannot be opened.") } };
            ComponentDefinition[] all = [_source.Input(), .. filters, .. fails ? [failing] : Array.Empty<ComponentDefinition>(), Output(output)];
            return Some.Chain(all);
        }

        private readonly Dictionary<string, ScriptedFilter.Options> _options = [];
        private readonly Dictionary<int, ComponentDefinition> _outputs = [];

        private ScriptedFilter.Options Options(Block block)
        {
            var key = $"{block.Name} {block.Variant}";
            return _options.TryGetValue(key, out var known) ? known : _options[key] = new ScriptedFilter.Options { Filter = Stamp(block) };
        }

        private ComponentDefinition Output((int Variant, int Capacity) output)
        {
            if (!_outputs.TryGetValue(output.Variant, out var known)) _outputs[output.Variant] = known = ScriptedOutput.Of(Take);
            return known.Bounded(output.Capacity, Overflow.Wait);
        }

        private void Take(Message message) => _arrived.Enqueue(((int)message["n"], (string)message["way"]!));

        private static Func<Message, Message?> Stamp(Block block) => message => message.With("way", $"{(string?)message["way"]}{block.Name},");
    }

    private sealed record Block(string Name, int Variant, int Copies, int Capacity);
}
