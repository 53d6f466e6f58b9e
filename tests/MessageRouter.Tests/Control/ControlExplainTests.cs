using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using MessageRouter.Control;
using MessageRouter.Control.Listening;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Control;

/// <summary>A running node that explains messages by its own configuration.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlExplainTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ProbeSource _source = new();
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _release = new(true);
    private ControlEndpoint _endpoint = null!;
    private TestNode _node = null!;
    private HttpClient _client = null!;
    private int _made;

    public async Task InitializeAsync()
    {
        var filter = new ScriptedFilter.Options
        {
            Create = () => Interlocked.Increment(ref _made),
            Filter = message =>
            {
                _entered.Release();
                _release.Wait();
                return message.Peer is { } peer ? message.With("by", $"{peer}") : message.With("seen", true);
            },
        };
        _node = await TestNode.StartChainAsync(_source.Input(), Some.Component<ScriptedFilter>("f", filter));
        _client = Open(new ControlOptions { Socket = _folder["node.sock"] });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_followed_through_filters_of_its_own_while_the_node_counts_nothing()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync("http://node/v1/openapi.json"));
        var response = await ExplainAsync("""{"n":1}""", "?component=f");

        using var explanation = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        JsonSchemaCheck.Assert(document.RootElement, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Explanation"), explanation.RootElement, "explanation");
        var step = explanation.RootElement.GetProperty("step");
        Assert.Equal(("filters.f", "changed"), (step.GetProperty("component").GetString(), step.GetProperty("outcome").GetString()));
        Assert.Equal("outputs.sink", step.GetProperty("passed")[0].GetProperty("to")[0].GetProperty("component").GetString());
        Assert.Equal(2, _made);
        Assert.All(_node.Node.Ledger().Components, line => Assert.Equal((0, 0), (line.In, line.Out)));
        Assert.Empty(_node.Recorded["outputs.sink"]);
    }

    [Fact]
    public async Task It_may_be_somebodys()
    {
        var response = await ExplainAsync("{}", "?component=f&peer=identity%3Doffice&peer=address%3Dhere");

        using var explanation = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"by":"office at here"}""", explanation.RootElement.GetProperty("step").GetProperty("passed")[0].GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public async Task One_is_explained_at_a_time()
    {
        _release.Reset();
        var first = ExplainAsync("""{"n":1}""");
        await _entered.WaitAsync(TestNode.Patience);

        Assert.Equal(HttpStatusCode.Conflict, (await ExplainAsync("""{"n":1}""")).StatusCode);
        _release.Set();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);

        // What the first one had needed may end after its answer.
        var isExplained = false;
        for (var until = TimeProvider.System.GetUtcNow() + TestNode.Patience; !isExplained && TimeProvider.System.GetUtcNow() < until;)
            isExplained = (await ExplainAsync("""{"n":1}""")).StatusCode == HttpStatusCode.OK;
        Assert.True(isExplained);
    }

    [Theory]
    [InlineData("?component=filters.g", "1", HttpStatusCode.NotFound, "did you mean `filters.f`?")]
    [InlineData("?peer=name%3Dx", "1", HttpStatusCode.BadRequest, "write PROPERTY=VALUE")]
    [InlineData("", "", HttpStatusCode.BadRequest, "Send the message as the request's body.")]
    public async Task What_is_missing_is_said(string query, string message, HttpStatusCode expected, string said)
    {
        var response = await ExplainAsync(message, query);

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(said, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_it_needs_the_token_since_filters_run()
    {
        await _endpoint.DisposeAsync();
        Open(new ControlOptions { Socket = "off", Http = new HttpControlOptions { Bind = "127.0.0.1:0" } });
        const string said = "The node can be looked at: ";
        using var client = new HttpClient { BaseAddress = new Uri(_node.Log.Lines.Last(line => line.Text.StartsWith(said, StringComparison.Ordinal)).Text[said.Length..]) };

        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("v1/explain", new StringContent("1"))).StatusCode);
        Assert.Equal(1, _made);
    }

    private Task<HttpResponseMessage> ExplainAsync(string message, string query = "") => _client.PostAsync("http://node/v1/explain" + query, new StringContent(message));

    private HttpClient Open(ControlOptions options)
    {
        _endpoint = new ControlEndpoint(_node.Node, new ControlDefinition { Options = options }, _node.Log.CreateLogger("control"), _node.Clock);
        _endpoint.Open();
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.Socket), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }
}
