using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>A node with something of everything that metrics tell, a collector to which it pushes them, and a Prometheus that scrapes it.</summary>
public sealed class MonitoredNode : IAsyncLifetime
{
    private const string Token = "0123456789abcdef-collector";

    private readonly TemporaryDirectory files = new();
    private readonly HttpClient client = new();
    private readonly int port = Ports.Free();
    private readonly int prometheusPort = Ports.Free();
    private Peer? prometheus;

    internal RouterProcess Node { get; private set; } = null!;

    internal OtlpCollector Collector { get; private set; } = null!;

    /// <summary>Whether the exporter was there before anybody had asked for metrics.</summary>
    public bool HadExporter { get; private set; }

    /// <summary>How messages fare in it: of 105, 5 are no JSON, and of the others every fourth goes on.</summary>
    public async Task InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync(isGrpc: false);
        files.Write("headers", $"# of the collector\nx-api-key = {Token}, with a comma\n");
        File.SetUnixFileMode(files["headers"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (wire, member) = (Ports.Free(), Ports.Free());
        files.Write("node.conf", $$"""
            router {
              name = shop
              cluster { name = shops, bind = "127.0.0.1:{{member}}", seed-nodes = ["127.0.0.1:{{member}}"] }
              control.http { bind = "127.0.0.1:{{port}}" }
              control.otlp { endpoint = "{{Collector.Endpoint}}", protocol = http, interval = 1s, headers-file = headers }
              inputs {
                lines { type = stdin, to = [spread] }
                back { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{wire}}", to = [numbered] }
                work { type = cluster, stream = jobs, to = [worked] }
              }
              filters {
                spread { type = key, key = level, match = error, instances = 2, to = [sent] }
                numbered { type = gap-detect, field = n, to = [kept] }
              }
              outputs {
                sent { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:{{wire}}" }
                kept { type = null }
                worked { type = null }
              }
              workers.idle { command = [sleep, 1000], instances = 2 }
            }
            """);
        Node = new RouterProcess(files.Path, "run", "node.conf", "--summary-file", "ledger.json");
        await Node.Starts();
        HadExporter = Node.HasLoaded("OpenTelemetry.Exporter.Prometheus");
        using (var intruder = await Intruder.Connect(wire))
        {
            await intruder.Send("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            await intruder.IsThrownOut();
        }
        await Node.WriteAsync(Enumerable.Range(0, 100).Select(n => $$"""{"level":"{{(n % 4 == 0 ? "error" : "info")}}","n":{{n}}}""").Concat(Enumerable.Repeat("no JSON", 5)));
        if (!Requires.HasPrometheus) return;
        files.Write("prometheus.yml", File.ReadAllText(Repository.File("docs/monitoring/prometheus.yml"))
            .Replace("127.0.0.1:9600", $"127.0.0.1:{port}", StringComparison.Ordinal).Replace("15s", "1s", StringComparison.Ordinal));
        files.Write("alerts.yml", File.ReadAllText(Repository.File("docs/monitoring/alerts.yml")));
        prometheus = new Peer(files.Path, "prometheus", ["--config.file=prometheus.yml", $"--storage.tsdb.path={files["data"]}", $"--web.listen-address=127.0.0.1:{prometheusPort}", "--log.level=warn"]);
    }

    public async Task DisposeAsync()
    {
        if (prometheus is not null) await prometheus.DisposeAsync();
        await Node.DisposeAsync();
        await Collector.DisposeAsync();
        client.Dispose();
        files.Dispose();
    }

    /// <summary>The node's metrics as text.</summary>
    public Task<string> ScrapeAsync() => client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

    /// <summary>What Prometheus answers.</summary>
    public async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{prometheusPort}/api/v1/{path}"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The values of an expression.</summary>
    public async Task<double[]> QueryAsync(string expression)
    {
        var answer = await AskAsync($"query?query={Uri.EscapeDataString(expression)}");
        Assert.True(answer.GetProperty("status").GetString() == "success", $"{expression}: {answer}");
        var result = answer.GetProperty("data").GetProperty("result");
        return [.. result.EnumerateArray().Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>Waits until Prometheus has a value.</summary>
    public Task HasAsync(string expression, double value) => prometheus!.Until(
        async () =>
        {
            try
            {
                return (await QueryAsync(expression)) is [var only] && only == value;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
                return false;
            }
        },
        $"{expression} to be {value}");

    /// <summary>Checks something with Prometheus' own tool.</summary>
    internal async Task ChecksAsync(string? input, params string[] arguments)
    {
        await using var tool = new Peer(Repository.File("docs/monitoring"), "promtool", arguments);
        if (input is not null) await tool.WriteAsync(input);
        tool.EndInput();
        Assert.True(await tool.Exits() == 0, tool.Describe());
        if (input is not null) Assert.Empty(tool.Output.Lines.Concat(tool.Errors.Lines));
    }
}
