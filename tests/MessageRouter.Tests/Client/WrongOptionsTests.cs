using System.Text;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Extensions.Logging;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NLog;
using NLog.Config;
using NLog.Targets.MessageRouter;
using Serilog;

namespace MessageRouter.Tests.Client;

/// <summary>What is wrong is told when a socket, a client or a logger is made, in the way of each, and by nothing that is thrown later.</summary>
public sealed class WrongOptionsTests
{
    private const string Nowhere = "tcp://127.0.0.1:9";

    private static readonly TimeSpan TooLong = TimeSpan.FromDays(25);

    private static readonly ZmtpOptions Wire = new() { Connect = [Nowhere] };

    private static readonly MessageClientOptions Plain = new();

    public static TheoryData<string, ZmtpOptions, string> OfTheWire => new()
    {
        { "Bind", new ZmtpOptions { Bind = null! }, "Bind" },
        { "Connect", new ZmtpOptions { Connect = null! }, "Connect" },
        { "an endpoint", new ZmtpOptions { Connect = [null!] }, "is empty" },
        { "Clock", Wire with { Clock = null! }, "Clock" },
        { "an endpoint twice", new ZmtpOptions { Connect = ["tcp://logs:5", "tcp://LOGS:5"] }, "\"tcp://LOGS:5\" is there twice; remove one. (Parameter 'Connect')" },
        { "any port twice", new ZmtpOptions { Bind = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0"] }, "is there twice; remove one. (Parameter 'Bind')" },
        { "inproc", new ZmtpOptions { Bind = ["inproc://x"] }, "use tcp:// or, on one machine, ipc://" },
        { "udp", new ZmtpOptions { Connect = ["udp://x:1"] }, "use tcp:// or, on one machine, ipc://" },
        { "capitals", new ZmtpOptions { Connect = ["IPC:///x"] }, "write ipc://" },
        { "Linger", Wire with { Linger = TooLong }, "Linger must be at most 24 days" },
        { "Linger without end", Wire with { Linger = TimeSpan.MaxValue }, "Linger must be at most 24 days" },
        { "ReconnectMin", Wire with { ReconnectMin = TooLong, ReconnectMax = TooLong }, "ReconnectMin must be at most 24 days" },
        { "ReconnectMax", Wire with { ReconnectMax = TooLong }, "ReconnectMax must be at most 24 days" },
        { "HeartbeatInterval", Wire with { HeartbeatInterval = TooLong }, "HeartbeatInterval must be at most 24 days" },
        { "HeartbeatTimeout", Wire with { HeartbeatTimeout = TooLong }, "HeartbeatTimeout must be at most 24 days" },
    };

    [Theory]
    [MemberData(nameof(OfTheWire))]
    public void A_socket_is_not_made(string what, ZmtpOptions options, string said) =>
        Assert.True(Assert.ThrowsAny<ArgumentException>(() => new PushSocket(options)).Message is var message && message.Contains(said, StringComparison.Ordinal), $"{what}: {message}");

    public static TheoryData<string?, MessageClientOptions, string> OfTheClient => new()
    {
        { null, Plain, "endpoint" },
        { "inproc://x", Plain, "(Parameter 'endpoint')" },
        { Nowhere, Plain with { MoreEndpoints = null! }, "MoreEndpoints" },
        { Nowhere, Plain with { MoreEndpoints = [null!] }, "(Parameter 'MoreEndpoints')" },
        { Nowhere, Plain with { MoreEndpoints = [Nowhere] }, "is there twice; remove one. (Parameter 'MoreEndpoints')" },
        { Nowhere, Plain with { Socket = (ClientSocket)7 }, "neither Push nor Pub" },
        { Nowhere, Plain with { Overflow = (ClientOverflow)9 }, "neither DropNewest nor DropOldest" },
        { Nowhere, Plain with { Linger = TimeSpan.MaxValue }, "Linger must be at most 24 days" },
        { Nowhere, Plain with { ReconnectMin = TimeSpan.Zero }, "ReconnectMin" },
        { Nowhere, Plain with { ReconnectMin = TooLong, ReconnectMax = TimeSpan.MaxValue }, "ReconnectMin must be at most 24 days" },
        { Nowhere, Plain with { ReconnectMax = TooLong }, "ReconnectMax must be at most 24 days" },
    };

    [Theory]
    [MemberData(nameof(OfTheClient))]
    public void A_client_is_not_made(string? endpoint, MessageClientOptions options, string said) =>
        Assert.Contains(said, Assert.ThrowsAny<ArgumentException>(() => new MessageClient(endpoint!, options)).Message, StringComparison.Ordinal);

    public static TheoryData<Action<MessageRouterLoggerOptions>, string> OfTheProvider => new()
    {
        { options => options.Endpoint = null!, "needs an Endpoint" },
        { options => options.Endpoint = "", "needs an Endpoint" },
        { options => options.Endpoint = "inproc://x", "inproc" },
        { options => options.MoreEndpoints.Add(options.Endpoint), "MoreEndpoints:0 \"tcp://" },
        { options => options.MoreEndpoints.Add(options.Endpoint), "is there twice; remove one" },
        { options => options.Shape = (LogShape)77, "Shape is none of MessageRouter, Clef" },
        { options => options.Socket = (ClientSocket)7, "Socket is neither" },
        { options => options.Overflow = (ClientOverflow)7, "Overflow is neither" },
        { options => options.Linger = TimeSpan.FromDays(100), "Linger must be at most 01:00:00, not 100.00:00:00; a number alone means days: write 00:01:40 for 100 seconds" },
        { options => options.Linger = TimeSpan.MaxValue, "Linger must be at most 01:00:00" },
        { options => options.Linger = TimeSpan.FromSeconds(-1), "Linger must be 0 or more" },
    };

    [Theory]
    [MemberData(nameof(OfTheProvider))]
    public void A_logger_is_not_made(Action<MessageRouterLoggerOptions> configure, string said)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(Nowhere).AddMessageRouter(configure)).BuildServiceProvider();

        Assert.Contains(said, Assert.Throws<OptionsValidationException>(services.GetRequiredService<ILoggerFactory>).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shape", "Gelf", "Logging:MessageRouter:Shape must be one of MessageRouter, Clef, Logstash, MessagePassing, not \"Gelf\".")]
    [InlineData("Shape", "77", "Shape must be one of")]
    [InlineData("Socket", "Dealer", "Logging:MessageRouter:Socket must be one of Push, Pub, not \"Dealer\".")]
    [InlineData("Linger", "5s", "Linger must be a time such as 00:00:05, which is five seconds, not \"5s\".")]
    [InlineData("Capacity", "many", "Capacity must be a whole number, 2147483647 at most, not \"many\".")]
    [InlineData("Capacity", "99999999999", "Capacity must be a whole number, 2147483647 at most")]
    [InlineData("CapacityBytes", "1.5", "CapacityBytes must be a whole number of bytes, not \"1.5\".")]
    [InlineData("IncludeScopes", "no", "IncludeScopes must be true or false, not \"no\".")]
    [InlineData("TellLosses", "1", "TellLosses must be true or false, not \"1\".")]
    [InlineData("MoreEndpoints", "tcp://b:5224", "MoreEndpoints \"tcp://b:5224\" must be a list")]
    [InlineData("MoreEndpoints:0", "", "MoreEndpoints:0 \"\" is empty")]
    [InlineData("MoreEndpoints:0", Nowhere, "MoreEndpoints:0 \"tcp://127.0.0.1:9\" is there twice; remove one.")]
    [InlineData("Endpoint:0", Nowhere, "Endpoint must be one value, not several")]
    public void What_the_configuration_says_and_cannot_be_read_is_told_with_all_else_that_is_wrong(string setting, string value, string said)
    {
        var settings = new ConfigurationManager();
        if (!setting.StartsWith("Endpoint", StringComparison.Ordinal)) settings["Logging:MessageRouter:Endpoint"] = Nowhere;
        settings["Logging:MessageRouter:" + setting] = value;
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter(options => options.Capacity = 0)).BuildServiceProvider();

        var problem = Assert.Throws<OptionsValidationException>(services.GetRequiredService<ILoggerFactory>).Message;

        Assert.Contains(said, problem, StringComparison.Ordinal);
        Assert.Contains("Capacity must be 1 or more, not 0.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_the_section_is_read_whatever_the_case_of_its_letters()
    {
        var settings = new ConfigurationManager();
        settings.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes("""
            {"Logging":{"MessageRouter":{
              "endpoint": "tcp://a:1", "moreEndpoints": ["tcp://b:1", "tcp://c:1"], "socket": "pub", "shape": "clef", "application": "shop", "includeScopes": false, "capacity": 7, "capacityBytes": 9000000000,
              "overflow": "dropOldest", "tellLosses": "False", "linger": "00:00:05", "LogLevel": {"Default": "Debug"}, "FormatterName": "another's"
            }}}
            """)));
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter()).BuildServiceProvider();

        var options = services.GetRequiredService<IOptionsMonitor<MessageRouterLoggerOptions>>().CurrentValue;

        Assert.Equal(("tcp://a:1", ClientSocket.Pub, LogShape.Clef, "shop", false), (options.Endpoint, options.Socket, options.Shape, options.Application, options.IncludeScopes));
        Assert.Equal((7, 9_000_000_000, ClientOverflow.DropOldest, false, TimeSpan.FromSeconds(5)), (options.Capacity, options.CapacityBytes, options.Overflow, options.TellLosses, options.Linger));
        Assert.Equal(["tcp://b:1", "tcp://c:1"], options.MoreEndpoints);
    }

    [Theory]
    [InlineData("""{"Logging":{"MessageRouter":{"Endpoint":"tcp://a:1","MoreEndpoints":[],"Capacity":null,"Application":null}}}""")]
    [InlineData("""{"Logging":{"MessageRouter":{"Endpoint":"tcp://a:1","MoreEndpoints":null}}}""")]
    public void What_is_said_to_be_nothing_is_not_said(string json)
    {
        var settings = new ConfigurationManager();
        settings.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter()).BuildServiceProvider();

        var options = services.GetRequiredService<IOptionsMonitor<MessageRouterLoggerOptions>>().CurrentValue;

        var defaults = new MessageRouterLoggerOptions();
        Assert.Equal((defaults.Capacity, defaults.Application, 0), (options.Capacity, options.Application, options.MoreEndpoints.Count));
    }

    public static TheoryData<Action<Serilog.Configuration.LoggerSinkConfiguration>, string> OfTheSink => new()
    {
        { sinks => sinks.MessageRouter(null!), "endpoint" },
        { sinks => sinks.MessageRouter("nonsense"), "(Parameter 'endpoint')" },
        { sinks => sinks.MessageRouter(Nowhere, shape: (LogShape)77), "none of MessageRouter, Clef" },
        { sinks => sinks.MessageRouter(Nowhere, socket: (ClientSocket)5), "neither Push nor Pub" },
        { sinks => sinks.MessageRouter(Nowhere, linger: TimeSpan.FromDays(5)), "write 00:00:05 for 5 seconds" },
    };

    [Theory]
    [MemberData(nameof(OfTheSink))]
    public void A_sink_is_not_made(Action<Serilog.Configuration.LoggerSinkConfiguration> make, string said) =>
        Assert.Contains(said, Assert.ThrowsAny<ArgumentException>(() => make(new LoggerConfiguration().WriteTo)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("endpoint='inproc://x'", "inproc")]
    [InlineData("", "is empty")]
    [InlineData($"endpoint='{Nowhere}' linger='100'", "write 00:01:40 for 100 seconds")]
    [InlineData($"endpoint='{Nowhere}' socket='7'", "neither Push nor Pub")]
    [InlineData($"endpoint='{Nowhere}' shape='77'", "none of MessageRouter, Clef")]
    public void A_target_is_a_mistake_of_the_configuration(string attributes, string said)
    {
        using var factory = new LogFactory { ThrowConfigExceptions = true };
        factory.Setup().SetupExtensions(extensions => extensions.RegisterTarget<MessageRouterTarget>("MessageRouter"));
        var exception = Assert.ThrowsAny<NLogConfigurationException>(() => factory.Configuration = XmlLoggingConfiguration.CreateFromXmlString(
            $"<nlog><targets><target type='MessageRouter' name='node' {attributes}/></targets><rules><logger name='*' writeTo='node'/></rules></nlog>", factory));

        Assert.Contains(said, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_in_code_without_an_endpoint_is_a_mistake_of_the_configuration()
    {
        using var factory = new LogFactory { ThrowConfigExceptions = true };
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRuleForAllLevels(new MessageRouterTarget { Name = "node", Endpoint = null! });

        Assert.ThrowsAny<NLogConfigurationException>(() => factory.Configuration = configuration);
    }

    [Fact]
    public void What_code_says_goes_before_what_the_configuration_says()
    {
        var settings = new ConfigurationManager();
        settings["Logging:MessageRouter:Endpoint"] = "tcp://127.0.0.1:2";
        settings["Logging:MessageRouter:Application"] = "from the file";
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter(Nowhere)).BuildServiceProvider();

        var options = services.GetRequiredService<IOptionsMonitor<MessageRouterLoggerOptions>>().CurrentValue;

        Assert.Equal((Nowhere, "from the file"), (options.Endpoint, options.Application));
    }

    [Fact]
    public async Task A_reason_that_is_none_is_told_as_such()
    {
        await using var client = new MessageClient(Nowhere, Plain with { Linger = TimeSpan.Zero });

        Assert.Throws<ArgumentOutOfRangeException>(() => client.Statistics.DroppedBecause((DropReason)9));
    }
}
