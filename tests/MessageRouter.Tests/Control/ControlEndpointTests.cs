using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Control;
using MessageRouter.Control.Listening;
using MessageRouter.Monitoring;
using MessageRouter.Tests.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Control;

/// <summary>The control endpoint of a node in this process, with its real server, by its Unix domain socket and over HTTP.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlEndpointTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly TempFolder _folder = new();
    private readonly ProbeSource _source = new();
    private readonly List<ControlEndpoint> _endpoints = [];
    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.StartChainAsync(_source.Input(), Some.Component<NodeStatusTestsFilter>("f"));

    public async Task DisposeAsync()
    {
        foreach (var endpoint in _endpoints) await endpoint.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_socket_is_for_its_user_alone_and_goes_with_the_node()
    {
        var path = _folder["node.sock"];
        var endpoint = Open(new ControlOptions { Socket = path });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var client = Client(path);
        var status = NodeStatus.FromJson(await client.GetStringAsync("http://node/v1/status"));
        Assert.Equal("test", status.Node);

        await endpoint.DisposeAsync();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_stale_socket_is_replaced_and_a_living_one_is_not()
    {
        var path = _folder["node.sock"];
        LeaveBehind(path);

        Open(new ControlOptions { Socket = path });
        using var client = Client(path);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://node/v1/health")).StatusCode);

        var exception = Assert.Throws<ControlStartException>(() => Open(new ControlOptions { Socket = path }));
        Assert.StartsWith($"the control endpoint cannot be opened: `{path}`: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://node/v1/health")).StatusCode);
    }

    [Fact]
    public void What_is_no_socket_is_not_touched()
    {
        File.WriteAllText(_folder["file"], "mine");

        Assert.Throws<ControlStartException>(() => Open(new ControlOptions { Socket = _folder["file"] }));
        Assert.Equal("mine", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void The_folder_of_sockets_is_the_users_own_or_none()
    {
        var runtime = Directory.CreateDirectory(_folder["runtime"]).FullName;
        var folder = SocketFolder.Make(name => name == "XDG_RUNTIME_DIR" ? runtime : null);
        Assert.Equal(Path.Combine(runtime, "message-router"), folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.Contains("can be written to by others", Assert.Throws<IOException>(() => SocketFolder.Make(name => name == "XDG_RUNTIME_DIR" ? runtime : null)).Message, StringComparison.Ordinal);

        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, Directory.CreateDirectory(_folder["elsewhere"]).FullName);
        Assert.Contains("is no folder, or a link to one", Assert.Throws<IOException>(() => SocketFolder.Make(name => name == "XDG_RUNTIME_DIR" ? runtime : null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_processes_left_behind_that_are_no_more_is_swept_away()
    {
        LeaveBehind(_folder["dead-1.sock"]);
        using var living = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        living.Bind(new UnixDomainSocketEndPoint(_folder["living-2.sock"]));
        living.Listen();
        File.WriteAllText(_folder["file.sock"], "");

        SocketFolder.Sweep(_folder.Path);

        Assert.Equal(["file.sock", "living-2.sock"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Without_a_token_reading_is_free_on_loopback_and_changing_is_refused()
    {
        using var client = Http(new HttpControlOptions { Bind = "127.0.0.1:0" });

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        await RefusedAsync(HttpStatusCode.Forbidden, await client.PostAsync("/v1/stop", null));
        await RefusedAsync(HttpStatusCode.Forbidden, await client.PostAsync("/v1/pools/f?instances=2", null));
        await RefusedAsync(HttpStatusCode.Forbidden, await client.GetAsync("/v1/tap?component=f&where=" + Uri.EscapeDataString("Environment.Exit(1) == null")));
    }

    [Fact]
    public async Task With_a_token_all_but_the_page_and_what_is_public_needs_it()
    {
        using var client = Http(new HttpControlOptions { Bind = "127.0.0.1:0", TokenFile = Secret("token", Token), Public = ["health"] });

        foreach (var path in (string[])["/v1/status", "/v1/status/stream", "/v1/tap?component=f", "/v1/components/filters.f", "/v1/config", "/metrics", "/v1/openapi.json", "/nothing"])
            await RefusedAsync(HttpStatusCode.Unauthorized, await client.GetAsync(path));
        foreach (var path in (string[])["/", "/livez", "/readyz", "/v1/health"])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token[..^1]);
        await RefusedAsync(HttpStatusCode.Unauthorized, await client.GetAsync("/v1/status"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/status")).StatusCode);
        await RefusedAsync(HttpStatusCode.Conflict, await client.PostAsync("/v1/pools/f?instances=2", null));
        await RefusedAsync(HttpStatusCode.NotFound, await client.PostAsync("/v1/pools/nobody?instances=2", null));
    }

    [Theory]
    [InlineData("evil.example", null, null, HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", null, null, HttpStatusCode.MisdirectedRequest)]
    [InlineData("logs.example", null, null, HttpStatusCode.OK)]
    [InlineData("localhost", null, null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "null", null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "http://127.0.0.1", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", null, "same-origin", HttpStatusCode.OK)]
    public async Task Other_hosts_and_origins_are_refused(string host, string? origin, string? site, HttpStatusCode expected)
    {
        using var client = Http(new HttpControlOptions { Bind = "127.0.0.1:0", Hosts = ["logs.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/health");
        request.Headers.Host = host;
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);

        Assert.Equal(expected, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Networks_that_are_not_allowed_are_not_answered()
    {
        using var client = Http(new HttpControlOptions { Bind = "127.0.0.1:0", AllowFrom = ["10.0.0.0/8"] });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/v1/health"));
    }

    [Theory]
    [InlineData("short", 384, "A token has at least 16 characters")]
    [InlineData(Token, 420, "others than its owner may read")]
    [InlineData(null, 384, "Could not find file")]
    public void A_token_that_is_none_is_refused_at_the_start(string? text, int mode, string problem)
    {
        var path = _folder["token"];
        if (text is not null) File.WriteAllText(path, text);
        if (text is not null) File.SetUnixFileMode(path, (UnixFileMode)mode);

        var exception = Assert.Throws<ControlStartException>(() => Open(new ControlOptions { Socket = "off", Http = new HttpControlOptions { Bind = "127.0.0.1:0", TokenFile = path } }));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_taken_is_said_at_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var exception = Assert.Throws<ControlStartException>(() => Open(new ControlOptions { Socket = "off", Http = new HttpControlOptions { Bind = other.LocalEndpoint.ToString()! } }));
        Assert.StartsWith($"the control endpoint cannot be opened: `{other.LocalEndpoint}`: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_there_is_not_gets_a_problem_that_says_so()
    {
        using var client = Http(new HttpControlOptions { Bind = "127.0.0.1:0" });

        foreach (var (path, status) in (IEnumerable<(string, HttpStatusCode)>)
        [
            ("/v2/status", HttpStatusCode.NotFound), ("/v1/components/nobody", HttpStatusCode.NotFound), ("/assets/../secret", HttpStatusCode.NotFound), ("/assets/nothing.js", HttpStatusCode.NotFound),
            ("/v1/tap", HttpStatusCode.BadRequest), ("/v1/tap?component=g", HttpStatusCode.NotFound), ("/v1/tap?component=f&side=up", HttpStatusCode.BadRequest),
            ("/v1/tap?component=f&side=3", HttpStatusCode.BadRequest),
        ])
            await RefusedAsync(status, await client.GetAsync(path));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/health")).StatusCode);
    }

    [Fact]
    public async Task A_tap_shows_live_messages_that_meet_a_condition()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);
        using var plain = await StreamAsync(client, "component=f&side=out&where=n=2");
        using var code = await StreamAsync(client, "component=f&side=in&where=" + Uri.EscapeDataString("""message["n"] > 2"""));

        _source.SendNumbers(1, 3);

        Assert.Equal("""{"n":2}""", (await NextAsync(plain)).GetProperty("payload").GetString());
        Assert.Equal("""{"n":3}""", (await NextAsync(code)).GetProperty("payload").GetString());
    }

    [Fact]
    public async Task A_condition_that_does_not_compile_is_shown_with_its_place()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);

        var detail = await RefusedAsync(HttpStatusCode.BadRequest, await client.GetAsync("http://node/v1/tap?component=f&where=" + Uri.EscapeDataString("""message["n"] === 2""")));

        Assert.Equal("""
            error: Invalid expression term '=' (CS1525)
             --> where:1:16
              |
            1 | message["n"] === 2
              |                ^
            """, detail);
    }

    [Fact]
    public async Task A_condition_that_throws_is_counted_and_the_node_goes_on()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);
        using var stream = await StreamAsync(client, "component=f&where=" + Uri.EscapeDataString("""message["n"] == 1 ? throw new Exception("no") : true"""));

        _source.SendNumbers(1, 2);

        Assert.Equal("""{"n":2}""", (await NextAsync(stream)).GetProperty("payload").GetString());
        var failed = await NextAsync(stream, "where-failed");
        Assert.Equal((1, "Exception: no"), (failed.GetProperty("count").GetInt32(), failed.GetProperty("problem").GetString()));
        Assert.Equal(2, (await _node.SinkAsync(2)).Count);
    }

    [Fact]
    public async Task A_tap_is_taken_off_when_its_reader_has_gone()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using (var client = Client(_folder["node.sock"]))
        {
            using var stream = await StreamAsync(client, "component=f");
            Assert.True(_node.CellOf("filters/f").Counts.Tap.IsWatched);
        }
        await Eventually.IsTrueAsync(() => !_node.CellOf("filters/f").Counts.Tap.IsWatched);
    }

    [Fact]
    public async Task There_are_so_many_taps_at_a_time_and_no_more()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);
        var streams = new List<StreamReader>();
        for (var i = 0; i < 16; i++) streams.Add(await StreamAsync(client, "component=f"));

        await RefusedAsync(HttpStatusCode.Conflict, await client.GetAsync("http://node/v1/tap?component=f"));
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task The_status_streams_after_each_look_at_the_counters()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        _ = _node.Node.History;
        using var client = Client(_folder["node.sock"]);
        using var stream = new StreamReader(await client.GetStreamAsync("http://node/v1/status/stream"));
        Assert.Equal(0, (await NextAsync(stream, "status")).GetProperty("components")[0].GetProperty("in").GetInt32());

        _source.SendNumbers(1, 5);
        await _node.SinkAsync(5);
        var next = NextAsync(stream, "status");
        await Eventually.IsTrueAsync(() => next.IsCompleted, _node.Clock, TimeSpan.FromMilliseconds(200));
        Assert.Equal(5, (await next).GetProperty("components")[0].GetProperty("in").GetInt32());
    }

    [Fact]
    public async Task More_connections_than_may_be_are_closed_and_those_that_are_there_go_on()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        var sockets = new List<Socket>();
        for (var i = 0; i < ControlListener.MostConnections + 20; i++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            sockets.Add(socket);

            // As long as the listener has not taken those that wait, there is no room for one more.
            await Eventually.IsTrueAsync(() => TryConnect(socket));
        }
        await Eventually.IsTrueAsync(() => sockets.Count(socket => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0) >= 20);
        foreach (var socket in sockets) socket.Dispose();

        using var client = Client(_folder["node.sock"]);
        await Eventually.IsTrueAsync(() => Try(client).GetAwaiter().GetResult());

        bool TryConnect(Socket socket)
        {
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(_folder["node.sock"]));
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                return false;
            }
        }

        static async Task<bool> Try(HttpClient client)
        {
            try
            {
                return (await client.GetAsync("http://node/v1/health")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Who_does_not_read_is_cut_off_and_counted_and_who_reads_goes_on()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        _ = _node.Node.History;
        using var idle = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        idle.Connect(new UnixDomainSocketEndPoint(_folder["node.sock"]));
        idle.Send("GET /v1/status/stream HTTP/1.1\r\nHost: node\r\n\r\n"u8);
        using var client = Client(_folder["node.sock"]);
        using var stream = new StreamReader(await client.GetStreamAsync("http://node/v1/status/stream"));

        var cutOff = 0L;
        while (cutOff == 0)
        {
            var status = await NextAsync(stream, "status");
            cutOff = status.GetProperty("watchers").GetProperty("cut_off").GetInt64();
            Assert.InRange(status.GetProperty("watchers").GetProperty("connections").GetInt32(), 1, 2);
            _node.Clock.Advance(NodeHistory.Step);
        }

        Assert.Equal(1, cutOff);
        await Eventually.IsTrueAsync(() => _node.Node.Status().Watchers!.Connections == 1);
    }

    [Theory]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: node\r\nX: {16384}\r\n\r\n", "HTTP/1.1 431 ")]
    [InlineData("POST /v1/pools/f?instances=2 HTTP/1.1\r\nHost: node\r\nContent-Length: 1000000000\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("GET /{20000} HTTP/1.1\r\nHost: node\r\n\r\n", "HTTP/1.1 414 ")]
    [InlineData("GET /v1/status HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("\u0016\u0003\u0001 a greeting of TLS {300}\r\n", "HTTP/1.1 400 ")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: no", "HTTP/1.1 408 ")]
    public async Task Requests_that_are_none_are_answered_in_time_and_hung_up_on(string request, string answer)
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_folder["node.sock"]));
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(request, @"\{(\d+)\}", match => new string('x', int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)))));
        using var reader = new StreamReader(stream);
        var said = await reader.ReadToEndAsync().WaitAsync(TestNode.Patience);

        Assert.StartsWith(answer, said, StringComparison.Ordinal);
        using var client = Client(_folder["node.sock"]);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://node/v1/status")).StatusCode);
    }

    [Theory]
    [InlineData("POST", "v1/pools/f?instances=abc", HttpStatusCode.BadRequest, "parameter")]
    [InlineData("POST", "v1/pools/f", HttpStatusCode.BadRequest, "parameter")]
    [InlineData("DELETE", "v1/status", HttpStatusCode.MethodNotAllowed, "GET, HEAD")]
    [InlineData("GET", "v1/stop", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("GET", "v1/nothing", HttpStatusCode.NotFound, "openapi.json")]
    public async Task What_routing_refuses_is_said_in_words(string method, string path, HttpStatusCode expected, string said)
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);

        Assert.Contains(said, await RefusedAsync(expected, await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://node/" + path))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_balancers_may_ask_with_head()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        using var client = Client(_folder["node.sock"]);

        foreach (var path in (string[])["livez", "readyz", "metrics", "v1/status", "v1/health"])
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "http://node/" + path))).StatusCode);
    }

    [Fact]
    public async Task A_node_that_has_stopped_says_so_in_the_last_status_of_a_stream_and_ends_it()
    {
        var endpoint = Open(new ControlOptions { Socket = _folder["node.sock"] });
        _ = _node.Node.History;
        using var client = Client(_folder["node.sock"]);
        using var stream = new StreamReader(await client.GetStreamAsync("http://node/v1/status/stream"));
        await NextAsync(stream, "status");
        await _node.Node.StopAsync();

        var stopping = endpoint.StopAsync();
        var last = "";
        while (await stream.ReadLineAsync().WaitAsync(TestNode.Patience) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) last = line;
        await stopping;

        Assert.Contains("\"state\":\"stopped\"", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_is_what_its_document_says()
    {
        Open(new ControlOptions { Socket = _folder["node.sock"] });
        _node.Node.Status();
        _node.Node.Cluster = new ClusterOfOne(_node.Node);
        _source.Send("no json", """{"n":1}""");
        await _node.SinkAsync(1);
        using var client = Client(_folder["node.sock"]);
        using var document = JsonDocument.Parse(await client.GetStringAsync("http://node/v1/openapi.json"));

        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _) && !path.Name.EndsWith("stream", StringComparison.Ordinal) && path.Name != "/v1/tap"))
        {
            var response = await client.GetAsync("http://node" + path.Name.Replace("{name}", "inputs.in", StringComparison.Ordinal));
            Assert.True(response.IsSuccessStatusCode, $"{path.Name}: {response.StatusCode}");
            var content = path.Value.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Single();
            Assert.StartsWith(content.Name, response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
            if (content.Name != "application/json" || !content.Value.TryGetProperty("schema", out var schema)) continue;
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            JsonSchemaCheck.Assert(document.RootElement, schema, answer.RootElement, path.Name);
        }

        using var stream = await StreamAsync(client, "component=in&side=failed");
        _source.Send("no json");
        JsonSchemaCheck.Assert(document.RootElement, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("ShownMessage"), await NextAsync(stream), "message");
    }

    [Fact]
    public async Task The_configuration_is_told_value_by_value_as_its_document_says()
    {
        var definition = NodeReader.Read(HoconReader.ReadText("node.conf", """
            router {
              name = shop
              inputs.in { type = null, to = mark }
              filters.mark { type = set, fields { api-key = not-to-be-seen, kept = secret { env = KEPT }, nested.site = [1, two] }, to = out }
              outputs.out { type = null }
            }
            """, new HoconReaderOptions { Environment = _ => "not to be seen either" }), BuiltIns.Registry());
        await using var node = await TestNode.StartAsync(definition);
        await using var endpoint = new ControlEndpoint(node.Node, new ControlDefinition { Options = new ControlOptions { Socket = _folder["shop.sock"] } }, node.Log.CreateLogger("control"), node.Clock);
        endpoint.Open();
        using var client = Client(_folder["shop.sock"]);

        var answer = await client.GetStringAsync("http://node/v1/config");

        using var document = JsonDocument.Parse(await client.GetStringAsync("http://node/v1/openapi.json"));
        using var config = JsonDocument.Parse(answer);
        JsonSchemaCheck.Assert(document.RootElement, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Configuration"), config.RootElement, "config");
        var values = config.RootElement.GetProperty("values").EnumerateArray().ToDictionary(
            value => string.Join('.', value.GetProperty("path").EnumerateArray().Select(key => key.GetString())),
            value => $"{(value.TryGetProperty("value", out var known) ? known.GetRawText() : "null")} {value.GetProperty("from")}");
        Assert.Equal("\"shop\" node.conf:2", values["router.name"]);
        Assert.Equal("\"…\" node.conf:4", values["router.filters.mark.fields.api-key"]);
        Assert.Equal("\"KEPT\" node.conf:4", values["router.filters.mark.fields.kept.secret.env"]);
        Assert.Equal("[1,\"two\"] node.conf:4", values["router.filters.mark.fields.nested.site"]);
        Assert.Equal("null node.conf:5", values["router.outputs.out.type"]);
        Assert.Equal("10000 default", values["router.outputs.out.mailbox.capacity"]);
        Assert.DoesNotContain("to be seen", answer.Replace('-', ' '), StringComparison.Ordinal);
    }

    /// <summary>The socket of a process that is no more: .NET removes only what is where it was bound.</summary>
    private static void LeaveBehind(string path)
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
            File.Move(path + ".bound", path);
        }
        Assert.True(File.Exists(path));
    }

    private static async Task<string> RefusedAsync(HttpStatusCode expected, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.RequestMessage!.RequestUri}: {response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
    }

    /// <summary>A tap that is on.</summary>
    private static async Task<StreamReader> StreamAsync(HttpClient client, string query)
    {
        var stream = new StreamReader(await client.GetStreamAsync("http://node/v1/tap?" + query));
        await NextAsync(stream, "left-out");
        return stream;
    }

    private static async Task<JsonElement> NextAsync(StreamReader stream, string type = "message")
    {
        var current = "";
        while (await stream.ReadLineAsync().WaitAsync(TestNode.Patience) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) current = line["event: ".Length..];
            if (line.StartsWith("data: ", StringComparison.Ordinal) && current == type) return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        }
        throw new InvalidOperationException("The stream has ended.");
    }

    private ControlEndpoint Open(ControlOptions options)
    {
        var endpoint = new ControlEndpoint(_node.Node, new ControlDefinition { Options = options }, _node.Log.CreateLogger("control"), _node.Clock);
        endpoint.Open();
        _endpoints.Add(endpoint);
        return endpoint;
    }

    private HttpClient Http(HttpControlOptions options)
    {
        Open(new ControlOptions { Socket = "off", Http = options });
        var address = _node.Log.Lines.Last(line => line.Text.StartsWith("The node can be looked at: ", StringComparison.Ordinal)).Text["The node can be looked at: ".Length..];
        return new HttpClient { BaseAddress = new Uri(address) };
    }

    private string Secret(string name, string text)
    {
        File.WriteAllText(_folder[name], text + "\n");
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return _folder[name];
    }

    private static HttpClient Client(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}

/// <summary>Passes everything.</summary>
internal sealed class NodeStatusTestsFilter : MessageRouter.Components.FilterActor
{
    protected override Message? Filter(Message message) => message;
}
