using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MessageRouter.Monitoring;

namespace MessageRouter.InteropTests;

/// <summary>Who reaches the control endpoint of a node that has more to do than it can: whatever it sends or leaves unread, the node goes on and counts right.</summary>
public sealed class HostileWatchersTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const int Many = 600;

    /// <summary>What each of those who are many sends, and how it then behaves.</summary>
    private static readonly string[] Openings =
    [
        "", "G", "GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /v1/status/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + Token + "\r\n\r\n",
        "GET /v1/tap?component=*&side=dropped HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + Token + "\r\n\r\n",
        "POST /v1/pools/f?instances=2000000000 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: evil.example\r\n\r\n", "DELETE /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n",
    ];

    [Fact]
    public async Task A_node_under_overload_goes_on_and_is_seen_by_those_who_may()
    {
        Files.Write("token", Token);
        File.SetUnixFileMode(Files["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var node = RunNode("""
            router {
              control.http { bind = "127.0.0.1:0", token-file = token }
              inputs.flood { type = generator, rate = 0, to = [f, away] }
              filters.f { type = csharp, code = "if ((long)message[\"seq\"] % 1000 == 0) throw new System.Exception(\"x\"); return message;", instances = 2, to = out }
              outputs {
                out { type = file, path = out.log }
                away { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:1", mailbox { overflow = drop-newest } }
              }
              errors { type = null }
              shutdown.drain-timeout = 1s
            }
            """);
        var address = await node.NamesPage();
        using var client = Client(address);
        List<Socket> crowd = [];

        for (var i = 0; i < Many; i++) crowd.Add(await ComeAsync(address, Openings[i % Openings.Length]));
        foreach (var each in crowd.Where((_, i) => i % 3 == 0)) each.Close(0);

        // The crowd is let in no further than there is room; who has left makes room again.
        NodeStatus status = null!;
        await node.Until(async () => await StatusAsync(client) is { } answer && (status = answer).Watchers!.Refused > 0, "a status in the crowd");
        Assert.InRange(status.Watchers!.Connections, 1, 256);
        foreach (var each in crowd) each.Dispose();
        await node.Until(async () => await StatusAsync(client) is { Watchers.Connections: 1 }, "the crowd to be gone");

        var before = (await StatusAsync(client))!;
        await node.Until(async () => await StatusAsync(client) is { } after && after.Components[0].Out > before.Components[0].Out, "messages to go on");
        Assert.True(node.PeakMemory < 600_000_000, $"The node grew to {node.PeakMemory:N0} bytes.");

        // What waits for a peer that never comes is lost, and counted.
        node.Send(Signal.Terminate);
        Assert.Equal(75, await node.Exits());
        var ledger = node.FinalLedger();
        ledger.AssertBalanced();
        Assert.True(ledger["outputs.away"].DroppedInAll > 0);
    }

    [Theory]
    [InlineData("message[\"seq\"] ==", HttpStatusCode.BadRequest, "^")]
    [InlineData("message.Nothing", HttpStatusCode.BadRequest, "^")]
    [InlineData("((System.Func<bool>)(() => throw new System.Exception(\"my own\")))()", HttpStatusCode.OK, "my own")]
    [InlineData("((System.Func<bool>)(() => { while (true) { } }))()", HttpStatusCode.OK, "does not come back")]
    public async Task A_condition_of_a_tap_that_is_wrong_is_told_and_touches_nobody_else(string condition, HttpStatusCode expected, string told)
    {
        Files.Write("token", Token);
        File.SetUnixFileMode(Files["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var node = RunNode("""
            router {
              control.http { bind = "127.0.0.1:0", token-file = token }
              inputs.flood { type = generator, rate = 2000, to = out }
              outputs.out { type = null }
            }
            """);
        using var client = Client(await node.NamesPage());

        using var answer = await client.GetAsync(new Uri("v1/tap?component=out&where=" + Uri.EscapeDataString(condition), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(expected, answer.StatusCode);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var said = new StringBuilder();
        while (!said.ToString().Contains(told, StringComparison.Ordinal)) said.Append(await reader.ReadLineAsync().WaitAsync(Peer.Patience) ?? throw new InvalidDataException(said.ToString()));
        var before = (await StatusAsync(client))!;
        await node.Until(async () => await StatusAsync(client) is { } after && after.Components[0].Out > before.Components[0].Out, "messages to go on");
        answer.Dispose();
        (await node.Stops()).AssertBalanced();
    }

    private static HttpClient Client(Uri address) => new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };

    /// <returns>Null where the crowd was before us.</returns>
    private static async Task<NodeStatus?> StatusAsync(HttpClient client)
    {
        try
        {
            return NodeStatus.FromJson(await client.GetStringAsync(new Uri("v1/status", UriKind.Relative)));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<Socket> ComeAsync(Uri address, string opening)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port);
            await socket.SendAsync(Encoding.Latin1.GetBytes(opening));
        }
        catch (SocketException)
        {
            // Hung up on already.
        }
        return socket;
    }
}
