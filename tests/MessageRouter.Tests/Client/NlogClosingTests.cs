using System.Text;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.ZeroMq;
using MessageRouter.Zmtp;
using NLog;
using NLog.Config;
using NLog.Targets.MessageRouter;

namespace MessageRouter.Tests.Client;

/// <summary>NLog closes a target under the lock that every thread takes that logs: nothing may be waited for there, and nothing may be lost for that.</summary>
public sealed class NlogClosingTests
{
    private readonly string _endpoint = Zmq.FreeEndpoint();
    private readonly Queue<string> _received = [];

    [Fact]
    public async Task Closing_waits_for_nobody_and_what_waits_is_sent_when_somebody_takes_it()
    {
        var factory = NLog(TimeSpan.FromMinutes(10));
        factory.GetLogger("shop").Info("late");

        await Task.Run(factory.Dispose).WaitAsync(TestNode.Patience);

        await using var node = new PullSocket(new ZmtpOptions { Bind = [_endpoint] });
        Assert.Contains("late", await NextAsync(node), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_is_used_again_sends_what_waited_and_what_comes()
    {
        var target = new MessageRouterTarget { Name = "node", Endpoint = _endpoint, Linger = TimeSpan.FromMinutes(2) };
        using (var first = NLog(target)) first.GetLogger("shop").Info("before");
        using var second = NLog(target);

        second.GetLogger("shop").Info("after");

        await using var node = new PullSocket(new ZmtpOptions { Bind = [_endpoint] });
        string[] received = [await NextAsync(node), await NextAsync(node)];
        Assert.Contains(received, line => line.Contains("before", StringComparison.Ordinal));
        Assert.Contains(received, line => line.Contains("after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_the_process_waits_for_a_client_that_is_being_closed()
    {
        var client = Away(out var closing);
        closing.Begin();

        var end = Task.Run(closing.ProcessEnds);
        await using var node = new PullSocket(new ZmtpOptions { Bind = [_endpoint] });
        await end.WaitAsync(TestNode.Patience);

        Assert.Equal((1, 0), (client.Statistics.Sent, client.Statistics.Waiting));
    }

    [Fact]
    public async Task A_client_that_is_closed_after_the_end_of_the_process_has_begun_is_waited_for_where_it_is_closed()
    {
        var client = Away(out var closing);
        closing.ProcessEnds();

        var end = Task.Run(closing.Begin);
        await using var node = new PullSocket(new ZmtpOptions { Bind = [_endpoint] });
        await end.WaitAsync(TestNode.Patience);

        Assert.Equal((1, 0), (client.Statistics.Sent, client.Statistics.Waiting));
    }

    private MessageClient Away(out BackgroundClosing closing)
    {
        var client = new MessageClient(_endpoint, new MessageClientOptions { Linger = TimeSpan.FromMinutes(2) });
        client.TrySend("{}"u8);
        closing = new BackgroundClosing(client);
        return client;
    }

    private LogFactory NLog(TimeSpan linger) => NLog(new MessageRouterTarget { Name = "node", Endpoint = _endpoint, Linger = linger });

    private static LogFactory NLog(MessageRouterTarget target)
    {
        var factory = new LogFactory { ThrowConfigExceptions = true };
        var configuration = new LoggingConfiguration(factory);
        configuration.AddRule(LogLevel.Trace, LogLevel.Fatal, target);
        factory.Configuration = configuration;
        return factory;
    }

    private async Task<string> NextAsync(PullSocket node)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (_received.Count == 0)
        {
            foreach (var message in await node.ReceiveAsync(patience.Token)) _received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
        }
        return _received.Dequeue();
    }
}
