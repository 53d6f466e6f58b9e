using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Inputs;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Routing;

/// <summary>Every place in which messages wait, when they cannot go on.</summary>
public class BoundsInBytesTests
{
    private const int MaxBytes = 10_000;
    private const int Size = 1000;
    private const int Sent = 200;

    private readonly ProbeSource _source = new();
    private readonly ScriptedAsync.Script _script = new();
    private readonly Gate _gate = new();

    /// <summary>
    /// For each place a component, how many times its bound may wait in it, beside a message that is kept before it and one that it gave back.
    /// </summary>
    public static TheoryData<string, int> Places => new()
    {
        { "mailbox", 2 },
        { "asynchronous", 2 },
        { "delay", 2 },
        { "pool", 3 },
        { "hash pool", 3 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Holds_no_more_than_its_bound_has_it(string place, int times)
    {
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), Component(place).BoundedInBytes(MaxBytes, Overflow.Wait), Sink()) with { MemoryLimit = 0 });
        for (var n = 1; n <= Sent; n++) _source.Intake.TryAdd(Some.SizedBatch(n, Size));

        // When its target stops taking messages it may be anything from half to quite full.
        await Eventually.IsTrueAsync(() => node["inputs.in"].Queued > 0 && node["filters.f"].QueuedBytes >= MaxBytes / 2);
        await Eventually.IsStableAsync(() => (int)node["filters.f"].QueuedBytes);
        Assert.InRange(node["filters.f"].QueuedBytes, MaxBytes / 2, times * MaxBytes + 2 * Size);

        _gate.Open();
        await EndAsync(node);
        Assert.Equal(0, node["filters.f"].QueuedBytes);
        Assert.Equal(Sent, node["outputs.sink"].Out);
    }

    [Fact]
    public async Task What_timers_emit_before_a_target_that_waits_is_bounded_in_bytes()
    {
        var self = new TaskCompletionSource<Akka.Actor.IActorRef>();
        var emitter = Some.Component<ScriptedEmitter>("f", new ScriptedEmitter.Options { Process = (_, _) => { }, Open = actor => self.TrySetResult(actor) });
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), emitter, _gate.Output().BoundedInBytes(MaxBytes, Overflow.Wait)));

        for (var n = 1; n <= 100; n++)
        {
            var message = Some.Sized(n, Size);
            (await self.Task).Tell((Action<Action<Message>>)(emit => emit(message)), Akka.Actor.ActorRefs.NoSender);
        }
        await node.HandledAsync("filters/f");

        Assert.InRange(node["outputs.sink"].QueuedBytes, 2 * MaxBytes, 3 * MaxBytes + Size);
        Assert.Equal(100, node["outputs.sink"].Queued + node["outputs.sink"].Dropped["mailbox-full"]);
        _gate.Open();
    }

    [Fact]
    public async Task A_generator_makes_no_larger_batches_than_its_mailbox_has_room_for()
    {
        var generator = Some.Component<GeneratorInput>("in", new GeneratorInput.Options { Rate = 0, Count = 100, Template = new string('x', Size) }) with { Codec = MessageFormat.Text };
        await using var node = await TestNode.StartAsync(Some.Chain(generator.BoundedInBytes(MaxBytes), _gate.Output().BoundedInBytes(MaxBytes, Overflow.Wait)));

        await Eventually.IsTrueAsync(() => node["inputs.in"].Queued > 0);
        Assert.InRange(node["inputs.in"].QueuedBytes + node["outputs.sink"].QueuedBytes, MaxBytes, 5 * MaxBytes);
        _gate.Open();
        await Eventually.IsTrueAsync(() => node["outputs.sink"].Out == 100);
    }

    private ComponentDefinition Component(string place) => place switch
    {
        "mailbox" => ScriptedFilter.Of(message => message),
        "asynchronous" => _script.Filter(concurrency: 1000),
        "delay" => Some.Component<DelayFilter>("f", new DelayFilter.Options { Delay = TimeSpan.FromHours(1) }),
        "pool" => ScriptedFilter.Of(message => message) with { Instances = 4 },
        _ => ScriptedFilter.Of(message => message) with { Instances = 4, Route = PoolRoute.Hash("n") },
    };

    /// <summary>The smallest that lets nothing through.</summary>
    private ComponentDefinition Sink() => _gate.Output().BoundedInBytes(1, Overflow.Wait);

    private async Task EndAsync(TestNode node)
    {
        await Eventually.IsTrueAsync(
            () =>
            {
                foreach (var number in _script.Begun) _script[number].Completion.TrySetResult(_script[number].Message);
                return node["outputs.sink"].Out == Sent;
            },
            node.Clock,
            TimeSpan.FromHours(1));
    }
}
