using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>A stream by key as a test sees it: it feeds nodes of it, and reads what nodes have written.</summary>
internal sealed class KeyedStream
{
    public const int Keys = 40;

    /// <summary>What a node needs beside its input and the output `out`: each message comes there by `written`, with the time.</summary>
    public static readonly string Written = $$"""
        plugins = ["{{Path.Combine(AppContext.BaseDirectory, "plugins", "MessageRouter.TestPlugin.dll")}}"]
          filters { written { class = Acme.Filters.Stamp, field = written, to = out } }
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly DateTimeOffset start = TimeProvider.System.GetUtcNow();
    private readonly long startedAt = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, (RouterProcess Node, int Read)> nodes = [];
    private readonly ConcurrentDictionary<string, int> fed = [];
    private readonly List<KeyedWrite> history = [];
    private readonly Dictionary<string, HashSet<int>> numbers = [];
    private readonly List<Task> feeding = [];
    private volatile bool hasEnded;

    /// <summary>Keys of all messages that can be.</summary>
    public static IReadOnlyList<int> AllKeys { get; } = [.. Enumerable.Range(0, Keys)];

    /// <summary>The time, as messages have it.</summary>
    public long Now => Time(Stopwatch.GetTimestamp());

    /// <summary>How many messages each node was fed.</summary>
    public IReadOnlyDictionary<string, int> Fed => fed;

    /// <summary>What is written by now, that of each node in its order.</summary>
    public IReadOnlyList<KeyedWrite> History
    {
        get
        {
            foreach (var name in nodes.Keys.ToList()) Read(name);
            return history;
        }
    }

    /// <summary>This node feeds the stream or takes it; one that is started again has another name.</summary>
    public RouterProcess Add(string name, RouterProcess node)
    {
        nodes.Add(name, (node, 0));
        return node;
    }

    /// <summary>Has a node feed messages of all keys.</summary>
    /// <param name="node">The node.</param>
    /// <param name="count">How many.</param>
    /// <param name="pad">By how much each is longer than it has to be.</param>
    public Task Feed(string node, int count, int pad = 0) => Feed(node, count, AllKeys, pad);

    /// <summary>Has a node feed a message of each of some keys, again and again until <see cref="EndFeeding"/>.</summary>
    public void Begin(string node, IReadOnlyList<int> keys) => feeding.Add(Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(Pause);
        while (!hasEnded && await timer.WaitForNextTickAsync()) await Feed(node, keys.Count, keys);
    }));

    public async Task EndFeeding()
    {
        hasEnded = true;
        await Task.WhenAll(feeding);
        feeding.Clear();
        hasEnded = false;
    }

    /// <summary>Waits until all is written, by anybody, that these nodes have been fed by now; all where none is named.</summary>
    public async Task IsWritten(params string[] feeders)
    {
        var all = fed.Where(feeder => feeders.Length == 0 || feeders.Contains(feeder.Key)).ToList();
        await nodes.Values.Select(node => node.Node).OrderBy(node => node.HasExited).First().Until(
            () => History.Count >= all.Sum(feeder => feeder.Value) && all.All(feeder => numbers.GetValueOrDefault(feeder.Key) is { } found && found.Count(number => number < feeder.Value) == feeder.Value),
            $"all messages of {string.Join(", ", all.Select(feeder => feeder.Key))} to be written");
    }

    /// <summary>The keys of which a node wrote the last message.</summary>
    public IReadOnlyList<int> KeysOf(string node) => [.. History.GroupBy(write => write.Key).Where(key => key.MaxBy(write => write.Written)!.Node == node).Select(key => key.Key)];

    /// <summary>Each key was one node's at a time, went to another one so often at most, and each feeder's messages of it were written in order.</summary>
    public void AssertInOrder(int changes)
    {
        Assert.NotEmpty(History);
        var problems = KeyHistory.Problems(History, changes).ToList();
        Assert.True(problems.Count == 0, $"{problems.Count} problems; times are microseconds since {start:O}:\n{string.Join('\n', problems.Take(10))}");
    }

    private long Time(long timestamp) => (long)Stopwatch.GetElapsedTime(startedAt, timestamp).TotalMicroseconds;

    private async Task Feed(string node, int count, IReadOnlyList<int> keys, int pad = 0)
    {
        var from = fed.GetValueOrDefault(node);
        fed[node] = from + count;
        await nodes[node].Node.WriteAsync(Enumerable.Range(from, count).Select(n => $$"""{"n":{{n}},"k":{{keys[n % keys.Count]}},"by":"{{node}}","fed":{{Stopwatch.GetTimestamp()}},"pad":"{{new string('x', pad)}}"}"""));
    }

    private void Read(string name)
    {
        var (node, read) = nodes[name];
        var lines = node.Output.Lines;
        foreach (var line in lines.Skip(read))
        {
            // The last line of a node that is killed may be half of one.
            if (!line.Contains("\"written\"", StringComparison.Ordinal) || !line.EndsWith('}')) continue;
            using var document = JsonDocument.Parse(line);
            var body = document.RootElement;
            KeyedWrite write = new(name, body.GetProperty("by").GetString()!, body.GetProperty("k").GetInt32(), body.GetProperty("n").GetInt32(), Time(body.GetProperty("fed").GetInt64()), Time(body.GetProperty("written").GetInt64()));
            history.Add(write);
            if (!numbers.TryGetValue(write.Feeder, out var found)) numbers[write.Feeder] = found = [];
            found.Add(write.Number);
        }
        nodes[name] = (node, lines.Length);
    }
}
