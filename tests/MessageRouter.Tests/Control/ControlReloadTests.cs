using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Hosting;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Control;

/// <summary>A node in a host of its own that reads its files again when it is asked to at its control endpoint.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlReloadTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client;
    private IHost _host = null!;

    public ControlReloadTests()
    {
        Write("match = error");
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder["node.sock"]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { BaseAddress = new Uri("http://node/v1/") };
    }

    private RouterNode Node => _host.Services.GetRequiredService<RouterNode>();

    public async Task InitializeAsync() => _host = await StartAsync(router => router.FromFiles(_folder["node.conf"]).Input("code", "null", null, "extra").Output("extra", "null"));

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_files_are_read_again_with_what_was_described_in_code_over_them()
    {
        Write("match = fatal", "more { type = null }");

        var plan = await AnswerAsync("""{"plan":true}""");
        Assert.Equal((2, false, 1), (plan.GetProperty("revision").GetInt32(), plan.GetProperty("applied").GetBoolean(), Node.Status().Configuration.Revision));
        var done = await AnswerAsync($$"""{"expect":"{{plan.GetProperty("id")}}"}""");

        Assert.True(done.GetProperty("applied").GetBoolean());
        Assert.Equal(
            ["inputs.in untouched", "inputs.code untouched", "filters.f changed-in-place", "outputs.out untouched", "outputs.more added", "outputs.extra untouched", "errors untouched"],
            done.GetProperty("blocks").EnumerateArray().Select(block => $"{block.GetProperty("name")} {block.GetProperty("action")}"));
        Assert.Equal(2, Node.Status().Configuration.Revision);
        var again = await AnswerAsync("");
        Assert.Equal((false, false), (again.GetProperty("changes_anything").GetBoolean(), again.GetProperty("applied").GetBoolean()));
    }

    [Fact]
    public async Task The_answer_is_what_the_document_says()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync("openapi.json"));
        var post = document.RootElement.GetProperty("paths").GetProperty("/v1/reload").GetProperty("post");
        Assert.Equal(["200", "400", "401", "403", "409", "422", "500"], post.GetProperty("responses").EnumerateObject().Select(response => response.Name));
        Write("match = fatal");
        KnownSecrets.Add("hash_be");

        JsonSchemaCheck.Assert(document.RootElement, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Reload"), await AnswerAsync("""{"plan":true}"""), "reload");
    }

    [Fact]
    public async Task What_could_not_be_started_again_is_named_and_is_no_mere_conflict()
    {
        Directory.CreateDirectory(_folder["there"]);
        Write("match = error", $"more {{ type = file, path = \"{_folder["there/a.log"]}\" }}");
        await AnswerAsync("");
        Directory.Delete(_folder["there"], recursive: true);
        Write("match = error", $"more {{ type = file, path = \"{_folder["there/a.log"]}\", flush-interval = 7s }}");

        var problem = await RefusedAsync(HttpStatusCode.InternalServerError, "");

        Assert.Contains("error: outputs.more could not be started again as it had been: There is no directory for the file", problem, StringComparison.Ordinal);
        Assert.EndsWith("\n2 errors; outputs.more does not work any more, and all else is as it was.\n", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_does_not_fit_any_more_is_not_carried_out()
    {
        Write("match = fatal");
        var plan = await AnswerAsync("""{"plan":true}""");

        Write("match = info");

        Assert.Equal("The files, or the node, have changed since the plan was made; nothing was done. Make another plan.", await RefusedAsync(HttpStatusCode.Conflict, $$"""{"expect":"{{plan.GetProperty("id")}}"}"""));
        Assert.Equal(1, Node.Status().Configuration.Revision);
    }

    [Fact]
    public async Task Mistakes_are_told_as_at_a_start_without_what_is_secret()
    {
        File.WriteAllText(_folder["secret"], "kept-from-all");
        File.SetUnixFileMode(_folder["secret"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write("matsch = secret { file = secret }, match = kept-from-all");

        var report = await RefusedAsync(HttpStatusCode.UnprocessableEntity, "");

        Assert.Contains("unknown key `matsch`", report, StringComparison.Ordinal);
        Assert.Contains("node.conf:3:", report, StringComparison.Ordinal);
        Assert.EndsWith("1 error; the node is as it was.\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("kept-from-all", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_start_is_told_and_everything_is_as_it_was()
    {
        Write("match = fatal", "more { type = file, path = no/such/folder/file.log }");

        Assert.Contains("outputs.more could not be started", await RefusedAsync(HttpStatusCode.Conflict, ""), StringComparison.Ordinal);
        Assert.Equal((1, 5), (Node.Status().Configuration.Revision, Node.Definition.Components.Count));
    }

    [Theory]
    [InlineData("""{"plans":true}""", "The request's body is nothing, or JSON")]
    [InlineData("no json", "The request's body is nothing, or JSON")]
    [InlineData("""{"files":["node.conf"]}""", "`node.conf` is no absolute path")]
    public async Task What_is_wrong_with_a_request_is_said(string body, string said) =>
        Assert.StartsWith(said, await RefusedAsync(HttpStatusCode.BadRequest, body), StringComparison.Ordinal);

    [Fact]
    public async Task The_graph_metrics_and_taps_follow()
    {
        await _client.GetStringAsync("graph");
        using var tap = new StreamReader(await _client.GetStreamAsync("tap?component=*"));
        await tap.ReadLineAsync();
        Write("match = fatal", "late { type = null }", "beat { type = generator, rate = 1000, to = late }");

        await AnswerAsync("");

        Assert.Contains("outputs.late", await _client.GetStringAsync("graph"), StringComparison.Ordinal);
        Assert.Contains("component=\"outputs.late\"", await _client.GetStringAsync("http://node/metrics"), StringComparison.Ordinal);
        while (await tap.ReadLineAsync().WaitAsync(TestNode.Patience) is { } line && !line.Contains("outputs.late", StringComparison.Ordinal)) Assert.NotNull(line);
        Write("match = fatal");
        await AnswerAsync("");
        Assert.DoesNotContain("outputs.late", await _client.GetStringAsync("graph"), StringComparison.Ordinal);
        var retired = (await _client.GetStringAsync("components/outputs.late"));
        Assert.Contains("\"retired\":3", retired, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_was_described_in_code_has_nothing_to_read()
    {
        await _host.StopAsync();
        _host.Dispose();
        _host = await StartAsync(router => router.Input("in", "null", null, "out").Output("out", "null"));

        Assert.StartsWith("This node was not started from files", await RefusedAsync(HttpStatusCode.Conflict, ""), StringComparison.Ordinal);
    }

    private async Task<IHost> StartAsync(Action<RouterBuilder> describe)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMessageRouter(router =>
        {
            describe(router);
            router.WithControl(new { Socket = _folder["node.sock"] });
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<JsonElement> AnswerAsync(string body)
    {
        var response = await _client.PostAsync("reload", new StringContent(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> RefusedAsync(HttpStatusCode status, string body)
    {
        var response = await _client.PostAsync("reload", new StringContent(body));
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!;
    }

    private void Write(string filter, string output = "", string input = "") => File.WriteAllText(_folder["node.conf"], $$"""
        router {
          inputs { in { type = null, to = f }, {{input}} }
          filters { f { type = key, key = level, {{filter}}, to = [out{{(output.StartsWith("more", StringComparison.Ordinal) ? ", more" : "")}}] } }
          outputs { out { type = null }, {{output}} }
        }
        """);
}
