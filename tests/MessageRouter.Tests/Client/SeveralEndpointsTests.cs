using System.Text;
using MessageRouter.Client;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NLog;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Client;

/// <summary>A client may have several nodes: PUSH shares messages out among those that are there, PUB sends them to all.</summary>
public sealed class SeveralEndpointsTests : IAsyncLifetime
{
    private readonly PullSocket _one = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });
    private readonly PullSocket _other = new(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] });

    [Fact]
    public async Task Push_shares_messages_out_among_all()
    {
        await using var client = new MessageClient(_one.Endpoints[0], new MessageClientOptions { MoreEndpoints = [_other.Endpoints[0]] });

        await ReachesBothAsync(() => client.TrySend("{}"u8));
    }

    [Fact]
    public async Task Where_one_is_away_the_others_get_all()
    {
        var away = Zmq.FreeEndpoint();
        await using var client = new MessageClient(away, new MessageClientOptions { MoreEndpoints = [_one.Endpoints[0]] });

        for (var n = 0; n < 1000; n++) Assert.True(client.TrySend(Encoding.UTF8.GetBytes($"{n}")));

        Assert.Equal(Enumerable.Range(0, 1000).Select(n => $"{n}"), await ReceiveAsync(_one, 1000));
        await client.FlushAsync().WaitAsync(TestNode.Patience);
        Assert.Equal((1000, 0), (client.Statistics.Sent, client.Statistics.Dropped));
    }

    [Fact]
    public async Task A_publisher_sends_to_all()
    {
        await using var one = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "");
        await using var other = new SubSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"] }, "");
        await using var client = new MessageClient(one.Endpoints[0], new MessageClientOptions { Socket = ClientSocket.Pub, MoreEndpoints = [other.Endpoints[0]] });

        await Eventually.IsTrueAsync(() =>
        {
            client.TrySend("{}"u8);
            return one.Statistics.Received > 0 && other.Statistics.Received > 0;
        });
    }

    [Fact]
    public async Task The_provider_takes_them_from_the_configuration_and_a_change_of_them_takes_effect()
    {
        var settings = new ConfigurationManager();
        settings["Logging:MessageRouter:Endpoint"] = _one.Endpoints[0];
        settings["Logging:MessageRouter:MoreEndpoints:0"] = Zmq.FreeEndpoint();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter()).BuildServiceProvider();
        var logger = services.GetRequiredService<ILogger<SeveralEndpointsTests>>();
        logger.LogInformation("{N}", 1);
        await ReceiveAsync(_one, 1);

        settings["Logging:MessageRouter:MoreEndpoints:0"] = _other.Endpoints[0];
        ((IConfigurationRoot)settings).Reload();

        await ReachesBothAsync(() => logger.LogInformation("{N}", 2));
    }

    [Fact]
    public void A_wrong_one_is_told_with_its_place()
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter("tcp://127.0.0.1:9").AddMessageRouter(options => options.MoreEndpoints.Add("tcp://logs"))).BuildServiceProvider();

        Assert.Contains("Logging:MessageRouter:MoreEndpoints:0 \"tcp://logs\" needs a port", Assert.Throws<OptionsValidationException>(services.GetRequiredService<ILoggerFactory>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serilogs_sink_takes_them_from_its_configuration()
    {
        var settings = new ConfigurationManager();
        settings["Serilog:Using:0"] = "Serilog.Sinks.MessageRouter";
        settings["Serilog:WriteTo:0:Name"] = "MessageRouter";
        settings["Serilog:WriteTo:0:Args:endpoint"] = _one.Endpoints[0];
        settings["Serilog:WriteTo:0:Args:moreEndpoints:0"] = _other.Endpoints[0];
        await using var log = new LoggerConfiguration().ReadFrom.Configuration(settings).CreateLogger();

        await ReachesBothAsync(() => log.Information("{N}", 1));
    }

    [Fact]
    public async Task Nlogs_target_takes_them_with_commas_between_them()
    {
        using var factory = new LogFactory();
        factory.Setup().SetupExtensions(extensions => extensions.RegisterTarget<MessageRouterTarget>("MessageRouter")).LoadConfigurationFromXml($"""
            <nlog throwConfigExceptions="true">
              <targets><target type="MessageRouter" name="node" endpoint="{Zmq.FreeEndpoint()}" moreEndpoints="{_one.Endpoints[0]}, {_other.Endpoints[0]}" /></targets>
              <rules><logger name="*" minlevel="Info" writeTo="node" /></rules>
            </nlog>
            """);
        var logger = factory.GetLogger("shop");

        await ReachesBothAsync(() => logger.Info("{N}", 1));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    /// <summary>Who sends does not know when both are connected.</summary>
    private Task ReachesBothAsync(Action send) => Eventually.IsTrueAsync(() =>
    {
        send();
        return _one.Statistics.Received > 0 && _other.Statistics.Received > 0;
    });

    private static async Task<List<string>> ReceiveAsync(PullSocket node, int count)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            foreach (var message in await node.ReceiveAsync(patience.Token)) texts.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return texts;
    }
}
