using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>libzmq, driven through one of the Python scripts in <c>Peers</c>.</summary>
internal sealed class ZmqPeer(string directory, string script, params IEnumerable<string> arguments)
    : Peer(directory, Python, ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments])
{
    /// <summary>The system's Python, which is the one that the distribution's packages serve.</summary>
    public const string Python = "/usr/bin/python3";

    private int counts;

    /// <summary>Sends one message of these frames.</summary>
    public Task SendAsync(params string[] frames) => WriteAsync(JsonSerializer.Serialize(frames));

    /// <summary>Sends one message of a single large frame.</summary>
    public Task SendLargeAsync(int size) => WriteAsync($$"""[{"repeat":"x","times":{{size}}}]""");

    /// <summary>Sends <paramref name="count"/> numbered messages as fast as it can, each padded to <paramref name="size"/> bytes.</summary>
    public Task FloodAsync(int count, int size = 0) => WriteAsync($$"""{"flood":{{count}},"size":{{size}}}""");

    /// <summary>As <see cref="FloodAsync"/>, but ends early when nothing more is taken for a second; gives how many were.</summary>
    public async Task<int> FloodUntilFullAsync(int count, int size)
    {
        await WriteAsync($$"""{"flood":{{count}},"size":{{size}},"until_full":true}""");
        var line = await Reports(line => line.StartsWith("sent ", StringComparison.Ordinal), "the flood to end");
        return int.Parse(line["sent ".Length..]);
    }

    /// <summary>Waits for messages and gives their frames; a large frame is shown as its size and hash.</summary>
    public async Task<string[][]> Receives(int count)
    {
        var lines = await Prints(line => line.StartsWith('['), count, $"{count} messages");
        return [.. lines.Select(line => JsonSerializer.Deserialize<string[]>(line)!)];
    }

    /// <summary>Waits until this many messages have come in all, also when they are not shown (<c>--quiet</c>).</summary>
    public async Task HasReceived(int count, TimeSpan? patience = null)
    {
        await Until(async () => await CountAsync() >= count, $"{count} messages", patience);
        Assert.Equal(count, await CountAsync());
    }

    /// <summary>Asks how many messages have come so far.</summary>
    public async Task<int> CountAsync()
    {
        await WriteAsync("\"count\"");
        var line = (await Prints(IsCount, ++counts, "the count"))[^1];
        return int.Parse(line["received ".Length..]);
    }

    /// <summary>Waits until libzmq has finished its handshake with a peer.</summary>
    public Task IsConnected() => Reports(line => line == "handshake", "a handshake");

    /// <summary>Waits until a handshake has failed, or the peer has refused it.</summary>
    public Task IsRefused() => Reports(line => line is "handshake failed" or "not let in" or "disconnected", "a refusal");

    /// <summary>Waits until a peer has subscribed (XPUB only).</summary>
    public Task IsSubscribed(string prefix = "") => Reports(line => line == $"subscribe {prefix}", $"a subscription to '{prefix}'");

    /// <summary>How a frame is shown by <see cref="Receives"/> if it is text or large.</summary>
    public static string Shown(byte[] frame) =>
        frame.Length <= 1000
            ? Encoding.UTF8.GetString(frame)
            : $"{frame.Length} bytes sha256:{Convert.ToHexStringLower(SHA256.HashData(frame))}";

    private static bool IsCount(string line) => line.StartsWith("received ", StringComparison.Ordinal);
}
