using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Extensions.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Client;

/// <summary>Options that change while an application logs: what is wrong stays out, and what is lost is told.</summary>
public sealed class OptionsChangeTests : IAsyncLifetime
{
    private const string Section = "Logging:MessageRouter:";

    /// <summary>Keeps all that comes: nobody takes it.</summary>
    private static readonly ZmtpOptions Node = new() { Bind = ["tcp://127.0.0.1:0"], HighWaterMark = 100_000, HighWaterBytes = 64 << 20 };

    private readonly PullSocket _node = new(Node);
    private readonly PullSocket _other = new(Node);
    private readonly ConfigurationManager _settings = new();
    private readonly Queue<JsonObject> _received = [];

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Endpoint", "nonsense", "has no scheme" },
        { "Endpoint", "inproc://x", "inproc" },
        { "Capacity", "many", "many" },
        { "Linger", "5", "write 00:00:05 for 5 seconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Options_that_become_wrong_are_told_once_and_those_from_before_stay(string option, string value, string said)
    {
        Change("Endpoint", _node.Endpoints[0]);
        await using var services = Logging(out var logger, out var provider);
        var refused = new List<Exception>();
        provider.OptionsRefused += (_, args) =>
        {
            refused.Add(args.Exception);
            throw new InvalidOperationException();
        };
        logger.LogInformation("before");
        var good = _settings[Section + option];

        Change(option, value);
        Change(option, value);
        logger.LogInformation("after");

        List<JsonObject> lines = [await NextAsync(_node), await NextAsync(_node), await NextAsync(_node)];
        Assert.Equal("MessageRouter.Extensions.Logging", (string?)lines[1]["logger"]);
        Assert.Contains(said, (string?)lines[1]["message"], StringComparison.Ordinal);
        Assert.Equal(("before", "after"), ((string?)lines[0]["message"], (string?)lines[2]["message"]));
        Assert.Contains(said, Assert.Single(refused).ToString(), StringComparison.Ordinal);

        Change(option, good);
        Change("Shape", "Logstash");
        logger.LogInformation("good again");
        Assert.Equal("1", (string?)(await NextAsync(_node))["@version"]);
        Change(option, value);
        Assert.Equal(2, refused.Count);
    }

    [Fact]
    public async Task What_is_lost_by_a_change_is_counted_and_told_to_the_new_node()
    {
        Change("Linger", "00:00:00");
        Change("Endpoint", "tcp://127.0.0.1:9");
        await using var services = Logging(out var logger, out var provider);
        for (var n = 0; n < 50; n++) logger.LogInformation("lost {N}", n);

        Change("Endpoint", _node.Endpoints[0]);

        await Eventually.IsTrueAsync(() => provider.Statistics.Dropped == 50);
        await Eventually.IsTrueAsync(() =>
        {
            logger.LogInformation("after");
            return provider.Statistics.Sent > 0 && _node.TryReceive(out var batch) && Keep(batch);
        });
        Assert.Equal(50, _received.Sum(line => (long?)line["dropped"] ?? 0));

        bool Keep(ZmtpBatch batch)
        {
            foreach (var message in batch) _received.Enqueue(JsonNode.Parse(message.Payload.Span)!.AsObject());
            return _received.Any(line => line.ContainsKey("dropped"));
        }
    }

    [Fact]
    public async Task Of_threads_that_log_while_options_change_every_event_is_accounted_for()
    {
        const int threads = 4, each = 3000;
        Change("Linger", "00:02:00");
        Change("Endpoint", _node.Endpoints[0]);
        var services = Logging(out var logger, out var provider);

        var logging = Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var n = 0; n < each; n++) logger.LogInformation("{N}", n);
        })));
        for (var n = 0; !logging.IsCompleted || n < 4; n++)
        {
            Change("Endpoint", (n % 2 == 0 ? _other : _node).Endpoints[0]);
            await Task.Yield();
        }
        await logging;
        await services.DisposeAsync();

        Assert.Equal((threads * each, 0L, 0L), (provider.Statistics.Sent, provider.Statistics.Waiting, provider.Statistics.Dropped));

        await Eventually.IsTrueAsync(() => _node.Statistics.Received + _other.Statistics.Received == threads * each);
    }

    [Fact]
    public async Task The_end_waits_for_clients_of_former_options()
    {
        Change("Linger", "00:00:00.1");
        Change("Endpoint", "tcp://127.0.0.1:9");
        var services = Logging(out var logger, out var provider);
        for (var n = 0; n < 50; n++) logger.LogInformation("lost {N}", n);
        Change("Linger", "00:00:10");
        Change("Endpoint", _node.Endpoints[0]);

        await services.DisposeAsync();

        Assert.Equal((0, 50), (provider.Statistics.Waiting, provider.Statistics.Dropped));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Security_that_is_made_anew_with_the_options_is_the_same_where_its_secrets_are()
    {
        var password = "secret-of-7301";
        Change("Endpoint", "tcp://127.0.0.1:9");
        Change("Linger", "00:00:00");
        await using var services = Logging(out var logger, out var provider, options => options.Security = PlainSecurity.Client("shop", password));
        for (var n = 0; n < 50; n++) logger.LogInformation("waits {N}", n);

        Change("Shape", "Logstash");
        Assert.Equal((50, 0), (provider.Statistics.Waiting, provider.Statistics.Dropped));
        password = "another-of-7301";
        Change("Shape", "Clef");

        await Eventually.IsTrueAsync(() => provider.Statistics.Dropped == 50);
    }

    private ServiceProvider Logging(out ILogger logger, out MessageRouterLoggerProvider provider, Action<MessageRouterLoggerOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(_settings.GetSection("Logging")).AddMessageRouter(configure ?? (_ => { }))).BuildServiceProvider();
        logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        provider = services.GetServices<ILoggerProvider>().OfType<MessageRouterLoggerProvider>().Single();
        return services;
    }

    private void Change(string option, string? value)
    {
        _settings[Section + option] = value;
        ((IConfigurationRoot)_settings).Reload();
    }

    private async Task<JsonObject> NextAsync(PullSocket node)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (_received.Count == 0)
        {
            foreach (var message in await node.ReceiveAsync(patience.Token)) _received.Enqueue(JsonNode.Parse(Encoding.UTF8.GetString(message.Payload.Span))!.AsObject());
        }
        return _received.Dequeue();
    }
}
