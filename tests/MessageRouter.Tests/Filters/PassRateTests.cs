using MessageRouter.Components;
using MessageRouter.Filters;
using MessageRouter.Tests.Support;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests.Filters;

/// <summary>What a component lets pass of messages that share memory with those that it does not.</summary>
public class PassRateTests
{
    private const int Size = 100;
    private const int Sent = 8000;
    private const int Every = 100;

    private readonly ProbeSource _source = new();

    public static TheoryData<string, int> Places => new()
    {
        { "key", 400 },
        { "key", 1 },
        { "emitting", 400 },
        { "emitting", 1 },
        { "asynchronous", 400 },
        { "asynchronous", 1 },
        { "pool", 400 },
        { "decoder", 400 },
        { "decoder", 1 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_little_goes_on_keeps_at_most_twice_its_own_bytes(string place, int batchSize)
    {
        var stream = new Received.Stream();
        await using var node = await TestNode.StartAsync(Some.Chain(_source.Input(), Filter(place)) with { ErrorsPerSecond = 1 });

        for (var n = 1; n <= Sent; n += batchSize) _source.Intake.TryAdd(stream.Next(batchSize, Size, n, isGood: number => place != "decoder" || Passes(number)));
        await node.SinkAsync(Sent / Every);

        var passed = MessageBatch.Of(node.Recorded["outputs.sink"]);
        Assert.Equal(Sent / Every * Size, passed.Bytes);
        Assert.InRange(Chunks.BytesOf(passed), passed.Bytes, 2 * passed.Bytes);
    }

    [Fact]
    public async Task Most_of_them_go_on_as_they_are()
    {
        await using var node = await TestNode.StartChainAsync(_source.Input(), ScriptedFilter.Of(message => (int)message["n"]! % 3 == 0 ? null : message));
        var batch = Received.Batch(300, Size);

        _source.Intake.TryAdd(batch);
        await node.SinkAsync(200);

        Assert.True(batch[0].Payload.Equals(node.Recorded["outputs.sink"][0].Payload), "It was copied.");
    }

    private static bool Passes(int number) => number % Every == 0;

    private static bool Passes(Message message) => Passes((int)message["n"]!);

    private static ComponentDefinition Filter(string place) => place switch
    {
        "key" => Some.Component<KeyFilter>("f", new KeyFilter.Options { Key = "n", Match = new JValue("00$"), MatchType = KeyMatchType.Regex }),
        "emitting" => ScriptedEmitter.Of((message, emit) =>
        {
            if (Passes(message)) emit(message);
        }),
        "asynchronous" => Some.Component<PassLater>("f"),
        "pool" => ScriptedFilter.Of(message => Passes(message) ? message : null) with { Instances = 2 },
        _ => ScriptedFilter.Of(message => message),
    };

    private sealed class PassLater : AsyncFilterActor
    {
        protected override async Task<Message?> FilterAsync(Message message, CancellationToken cancellation)
        {
            await Task.Yield();
            return Passes(message) ? message : null;
        }
    }
}
