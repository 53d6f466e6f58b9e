using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Distribution;

public class DistributorLinksTests
{
    private readonly FakePeers _peers = new();
    private readonly ComponentCounts _counts = new();

    [Fact]
    public void What_is_being_read_when_the_worker_leaves_is_in_the_node_before_that_takes_no_more()
    {
        var mailbox = new BoundedMailbox(16, long.MaxValue, _counts);
        var intake = new Intake(new Edge("", mailbox, Overflow.Wait), MessageFormat.Bytes);
        var links = new DistributorLinks(_peers, new PeerSettings { Name = "in", Socket = PeerSocketType.Dealer, Connect = ZeroMqOptions.Parse(["tcp://127.0.0.1:1"], EndpointUse.Connect) }, 16, intake, accounts: null, new FakeTimeProvider(), NullLogger.Instance);
        var distributor = _peers.Connect("tcp://127.0.0.1:1");
        distributor.Say(LinkCodec.ToMessage(new LinkWord.Welcome(LinkWord.Version, ScriptedDistributor.Session, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5))));
        var reading = new Thread(() => distributor.Say(ScriptedDistributor.Delivery(1, "{}")));
        var leaving = new Thread(() =>
        {
            links.Leave();
            intake.Complete();
        });

        using (intake.Entry.EnterScope())
        {
            reading.Start();
            while (!reading.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) Thread.Yield();
            leaving.Start();
            while (leaving.IsAlive && !leaving.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) Thread.Yield();
        }
        reading.Join();
        leaving.Join();

        Assert.Equal((1, 0), (mailbox.Queued, _counts.Dropped.Snapshot().Count));
    }
}
