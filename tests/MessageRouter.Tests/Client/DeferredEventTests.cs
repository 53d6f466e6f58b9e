using System.Text;
using System.Text.Json.Nodes;
using MessageRouter.Client;
using MessageRouter.Extensions.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Targets.MessageRouter;

namespace MessageRouter.Tests.Client;

/// <summary>An event that is written when it leaves is the one that was logged, whatever happens in between.</summary>
public sealed partial class DeferredEventTests : IAsyncLifetime
{
    /// <summary>More than a client writes and hands to its socket while nobody is there.</summary>
    private const int More = 20_000;

    private readonly Queue<string> _received = [];
    private readonly string _endpoint = Zmq.FreeEndpoint();
    private PullSocket? _node;

    [Fact]
    public async Task What_changes_after_the_call_is_not_seen()
    {
        using var services = Logging();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        var array = new object?[] { 1, "one" };
        var text = new StringBuilder("one");
        var scope = new Dictionary<string, object?> { ["Scope"] = "one" };
        var failure = new InvalidOperationException("boom");
        for (var n = 0; n < More; n++) logger.LogInformation("{N}", n);

        using (logger.BeginScope(scope))
        using (logger.BeginScope("inner")) logger.LogInformation("{A} {B}", array);
        logger.LogInformation("{A} {B}", 1, text);
        logger.LogInformation(failure, "failed");
        (array[0], array[1], scope["Scope"]) = (2, "two", "two");
        text.Clear().Append("two");
        Assert.Throws<InvalidOperationException>(() => Throw(failure));

        Come();
        Assert.Equal("""["1 one",{"A":1,"B":"one","Scope":"one","scope":"inner"}]""", await NextAsync("message", "fields"));
        Assert.Equal("""["1 one",{"A":1,"B":"one"}]""", await NextAsync("message", "fields"));
        Assert.Equal("""["failed","System.InvalidOperationException: boom"]""", await NextAsync("message", "exception"));
    }

    [Fact]
    public async Task It_is_written_as_it_would_have_been_at_once()
    {
        using var services = Logging();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");

        logger.LogInformation("plain {{text}}");
        Log(logger, "with {{braces}} and nothing to put in", 1);
        logger.LogInformation("{A,5:0.0}|{B,-4}|{{C}}|{D:yyyy}", 1.25, null, new DateTime(2020, 1, 2));
        Log(logger, "too few {A} {B}", 1);
        logger.LogInformation("{A} {A}", LogLevel.Error, new Uri("http://logs/ a"));
        logger.LogInformation("{1} {2} {3} {4} {5} {6} {7}", 1, 2, 3, 4, 5, 6, 7);
        Log(logger, null, 1);
        Nothing(logger);
        Took(logger, 7, "ann", 3.5, LogLevel.Error);
        Listed(logger, [1, 2]);

        Come();
        Assert.Equal("""["plain {{text}}",null,{}]""", await NextAsync());
        Assert.Equal("""["with {{braces}} and nothing to put in",null,{}]""", await NextAsync());
        Assert.Equal("""["  1.3|(null)|{C}|2020","{A,5:0.0}|{B,-4}|{{C}}|{D:yyyy}",{"A":1.25,"B":null,"D":"2020-01-02T00:00:00"}]""", await NextAsync());
        Assert.Equal("""["(the message could not be made: FormatException)","too few {A} {B}",{"A":1,"fields_failed":"IndexOutOfRangeException"}]""", await NextAsync());
        Assert.Equal("""["Error http://logs/ a","{A} {A}"]""", await NextAsync("message", "template"));
        Assert.Equal("""["1 2 3 4 5 6 7","{1} {2} {3} {4} {5} {6} {7}",{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7}]""", await NextAsync());
        Assert.Equal("""["[null]",null,{}]""", await NextAsync());
        Assert.Equal("""["nothing",null,{}]""", await NextAsync());
        Assert.Equal("""["order 7 of ann took 3.5 ms, Error","order {Order} of {Customer} took {Elapsed} ms, {Level}",{"Order":7,"Customer":"ann","Elapsed":3.5,"Level":"Error"}]""", await NextAsync());
        Assert.Equal("""["1, 2","{Values}",{"Values":[1,2]}]""", await NextAsync());
    }

    [Fact]
    public async Task A_wrapper_may_make_the_text()
    {
        using var services = Logging();
        var node = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        var wrapper = new Wrapper(node);

        wrapper.LogInformation("{A}", 1);
        Took(wrapper, 7, "ann", 3.5, LogLevel.Error);
        wrapper.Count = 9;

        Come();
        Assert.Equal("""["0","{A}"]""", await NextAsync("message", "template"));
        Assert.Equal("""["1","order {Order} of {Customer} took {Elapsed} ms, {Level}"]""", await NextAsync("message", "template"));
    }

    [Fact]
    public void The_bound_in_bytes_holds()
    {
        using var services = Logging(options => options.CapacityBytes = 1_000_000);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        var text = new string('x', 4000);

        for (var n = 0; n < More; n++) Took(logger, n, text, 3.5, LogLevel.Error);

        // Some are in the socket, and some on their way.
        Assert.InRange(Statistics(services).Waiting, 1_000_000 / 9000, 3000);
    }

    [Fact]
    public void An_event_takes_no_object_on_the_callers_thread()
    {
        using var services = Logging(options => (options.Capacity, options.Overflow) = (100, ClientOverflow.DropOldest));
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("shop");
        for (var n = 0; n < More; n++) Took(logger, n, "ann", 3.5, LogLevel.Error);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < More; n++) Took(logger, n, "ann", 3.5, LogLevel.Error);

        // In code that is not optimized the state is copied into others to be looked at.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 160 * More);
    }

    [Fact]
    public async Task Nlogs_values_are_those_of_the_call()
    {
        using var factory = new NLog.LogFactory();
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRule(NLog.LogLevel.Trace, NLog.LogLevel.Fatal, new MessageRouterTarget { Name = "node", Endpoint = _endpoint, Linger = TimeSpan.Zero });
        factory.Configuration = configuration;
        var text = new StringBuilder("one");
        var logger = factory.GetLogger("shop");
        for (var n = 0; n < More; n++) logger.Info("{N}", n);

        logger.Info("{A} {B}", 1, text);
        text.Clear().Append("two");

        Come();
        Assert.Equal("""["1 one",{"A":1,"B":"one"}]""", await NextAsync("message", "fields"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "order {Order} of {Customer} took {Elapsed} ms, {Level}")]
    private static partial void Took(ILogger logger, int order, string customer, double elapsed, LogLevel level);

    [LoggerMessage(Level = LogLevel.Information, Message = "nothing")]
    private static partial void Nothing(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Values}")]
    private static partial void Listed(ILogger logger, int[] values);

    private static void Log(ILogger logger, string? template, params object?[] arguments) => logger.LogInformation(template, arguments);

    private static void Throw(Exception exception) => throw exception;

    private static MessageClientStatistics Statistics(IServiceProvider services) =>
        services.GetServices<ILoggerProvider>().OfType<MessageRouterLoggerProvider>().Single().Statistics;

    private ServiceProvider Logging(Action<MessageRouterLoggerOptions>? configure = null) => new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
    {
        options.Endpoint = _endpoint;
        options.Linger = TimeSpan.Zero;
        configure?.Invoke(options);
    })).BuildServiceProvider();

    private void Come() => _node = new PullSocket(new ZmtpOptions { Bind = [_endpoint] });

    private Task<string> NextAsync() => NextAsync("message", "template", "fields");

    /// <summary>Some of the next event that is none of those which come before.</summary>
    private async Task<string> NextAsync(params string[] names)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (true)
        {
            while (_received.Count == 0)
            {
                foreach (var message in await _node!.ReceiveAsync(patience.Token)) _received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
            }
            var line = JsonNode.Parse(_received.Dequeue())!.AsObject();
            if ((string?)line["template"] != "{N}") return new JsonArray([.. names.Select(name => line[name]?.DeepClone())]).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }

    /// <summary>Counts the events that pass, and says so in their place.</summary>
    private sealed class Wrapper(ILogger inner) : ILogger
    {
        public int Count { get; set; }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            inner.Log(logLevel, eventId, state, exception, (_, _) => $"{Count}");
            Count++;
        }
    }
}
