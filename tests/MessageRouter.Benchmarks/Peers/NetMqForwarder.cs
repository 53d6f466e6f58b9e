using NetMQ;
using NetMQ.Sockets;

namespace MessageRouter.Benchmarks.Peers;

/// <summary>
/// What the router is measured by: NetMQ alone, forwarding in one loop from one socket to another until there is nothing
/// to forward. High-water marks are those of the router.
/// </summary>
internal static class NetMqForwarder
{
    private const int HighWaterMark = 10_000;

    public static void Run(string kind, string source, string target)
    {
        using NetMQSocket from = kind == "pull-push" ? new PullSocket() : new SubscriberSocket();
        using NetMQSocket to = kind == "pull-push" ? new PushSocket() : new PublisherSocket();
        from.Options.ReceiveHighWatermark = HighWaterMark;
        to.Options.SendHighWatermark = HighWaterMark;
        if (from is SubscriberSocket subscriber) subscriber.SubscribeToAnyTopic();
        from.Bind(source);
        to.Bind(target);
        using var poller = new NetMQPoller { from };
        var message = new Msg();
        message.InitEmpty();
        from.ReceiveReady += (_, _) =>
        {
            while (from.TryReceive(ref message, TimeSpan.Zero)) to.Send(ref message, message.HasMore);
        };
        poller.Run();
    }
}
