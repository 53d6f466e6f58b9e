using Akka.Actor;
using Akka.Event;
using MessageRouter.Clustering;
using MessageRouter.Distribution;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Streams;

/// <summary>Feeds a stream to all who take it: a publisher that connects to them, as if each had subscribed to everything. As long as nobody takes it, it takes no messages.</summary>
internal sealed class ClusterBroadcast : PublisherOutput
{
    private static readonly MessageBatch Everything = MessageBatch.Of(Message.FromBytes((byte[])[1]));

    private readonly ClusterOutput.Options _options;
    private readonly StreamFeed _feed;

    public ClusterBroadcast(ClusterOutput.Options options, IPeerEngine engine, NodeSecurity security, IStreamDirectory streams)
        : base(options.AsPublisher([]), engine, security)
    {
        _options = options;
        _feed = new StreamFeed(options, streams, Cell, Roster);
        Receive<Offered>(offered =>
        {
            if (offered.Events != Events) return;
            _feed.Take(offered.Offers);
            Change(_options.AsPublisher(_feed.Endpoints));
            Roster.Keep(_feed.Endpoints);
        });
    }

    /// <remarks>What the others have is PULL.</remarks>
    protected override PeerSettings Settings => StreamMark.Feeding(_options.Stream, base.Settings) with { Socket = PeerSocketType.Push };

    protected override void Open()
    {
        base.Open();
        PauseTaking();
        var (self, events) = (Self, Events!);
        _feed.Begin(offers => self.Tell(new Offered(events, offers)), _ => { });
    }

    protected override void Close()
    {
        _feed.End();
        base.Close();
    }

    protected override void Met(Worker worker)
    {
        base.Met(worker);
        Heard(worker, Everything);
        ResumeTaking();
    }

    protected override void Left(Worker worker, PeerEnd end, bool byItself)
    {
        base.Left(worker, end, byItself);
        if (Workers.Count == 0) PauseTaking();
    }

    /// <summary>Of the instance that these events are for.</summary>
    private sealed record Offered(PeerEvents Events, IReadOnlyList<StreamOffer> Offers) : IDeadLetterSuppression;
}
