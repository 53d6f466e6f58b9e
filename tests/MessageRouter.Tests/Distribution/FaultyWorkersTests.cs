using System.Text;
using CsCheck;
using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Tests.Distribution;

/// <summary>
/// Workers that come, go, hang, fail, return and answer late or twice at random, and a distributor that is restarted now
/// and then: every message ends exactly once, and its sender hears so.
/// </summary>
public class FaultyWorkersTests
{
    private enum Step
    {
        Send,
        Connect,
        HangUp,
        Done,
        DoneAgain,
        Fail,
        Return,
        Leave,
        Say,
        Wait,
        Break,
    }

    private static readonly Gen<Plan> Plans = Gen.Select(
        Gen.Enum<DeliveryMode>(), Gen.OneOf(Gen.Const(Balances.RoundRobin), Gen.Const(Balances.LeastQueued), Gen.Const("hash(k)")), Gen.Int[1, 12], Gen.Int[1, 8], Gen.Int[1, 4],
        Gen.Select(
            Gen.Frequency((6, Gen.Const(Step.Send)), (4, Gen.Const(Step.Connect)), (6, Gen.Const(Step.Done)), (9, Gen.Enum<Step>())),
            Gen.Int[0, 1000]).Array[20, 80],
        (delivery, balance, queue, window, maxDeliveries, steps) => new Plan(delivery, balance, queue, window, maxDeliveries, steps));

    [Fact]
    public async Task Every_message_ends_exactly_once() =>
        await Plans.SampleAsync(async plan => await new Run(plan).GoAsync(), iter: 150, threads: 2);

    private sealed record Plan(DeliveryMode Delivery, string Balance, int Queue, int Window, int MaxDeliveries, (Step Step, int Which)[] Steps);

    private sealed class Run(Plan plan)
    {
        private readonly ProbeSource _source = new();
        private readonly FakePeers _peers = new();
        private readonly List<ProbeReceipt> _receipts = [];
        private readonly List<Peer> _alive = [];
        private int _connected;

        private bool Answers => plan.Delivery == DeliveryMode.AtLeastOnce;

        public async Task GoAsync()
        {
            var options = new DistributorOutput.Options { Bind = ["tcp://*:5223"], Delivery = plan.Delivery, Balance = plan.Balance, Queue = plan.Queue };
            if (Answers) options = options with { Lease = TimeSpan.FromSeconds(3), MaxDeliveries = plan.MaxDeliveries };
            await using var node = await TestNode.StartAsync(
                Some.Chain(_source.Input(), Some.Component<DistributorOutput>("work", options)), services => services.AddSingleton<IPeerEngine>(_peers));
            foreach (var (step, which) in plan.Steps)
            {
                Do(node, step, which);
                if (which % 3 == 0) await node.HandledAsync("outputs/work");
            }

            await Eventually.IsTrueAsync(() => HasEnded(node), node.Clock, TimeSpan.FromMilliseconds(50), () => node.Node.Ledger().ToJson());
            var line = node["outputs.work"];
            Assert.Equal((_receipts.Count, _receipts.Count), (line.In, line.Out + line.Failed));
            Assert.Empty(line.Dropped);
            Assert.All(_receipts, receipt => Assert.Equal(1, receipt.Times));
            Assert.Equal(line.Out, _receipts.Count(receipt => receipt.Settled.IsCompletedSuccessfully && receipt.Fate == Fate.Done));
            Assert.True(plan.Delivery == DeliveryMode.AtLeastOnce || line.Failed == 0);
            Assert.Equal(line.Out, line.Workers!.Sum(worker => worker.Out));
        }

        private void Do(TestNode node, Step step, int which)
        {
            var worker = _alive.Count == 0 ? null : _alive[which % _alive.Count];
            switch (step)
            {
                case Step.Send:
                    for (var i = 0; i <= which % 10; i++) Send(key: (which + i) % 7);
                    break;
                case Step.Connect:
                    Connect();
                    break;
                case Step.HangUp when worker is not null:
                    _alive.Remove(worker);
                    worker.Link.HangUp(unconfirmed: 0);
                    break;
                case Step.Break when worker is not null:
                    worker.Link.Failure = new InvalidOperationException("no");
                    break;
                case Step.Wait:
                    foreach (var other in _alive.Where((_, i) => i != which % 7)) other.Say(new LinkWord.WorkerPing());
                    node.Clock.Advance(TimeSpan.FromSeconds(1));
                    break;
                default:
                    worker?.Do(step, which);
                    break;
            }
            _alive.RemoveAll(each => each.Link.DisconnectedBecause is not null);
        }

        private void Send(int key)
        {
            var receipt = new ProbeReceipt();
            _receipts.Add(receipt);
            _source.Intake.TryAdd(MessageBatch.Of(_source.Intake.NewMessage(Encoding.UTF8.GetBytes($$"""{"k":{{key}}}"""), null, receipt)));
        }

        private void Connect()
        {
            var worker = new Peer(_peers.Connect($"tcp://{_connected++}", writesAtOnce: false), Answers);
            worker.Say(new LinkWord.Hello(LinkWord.Version, (uint)plan.Window, ""));
            _alive.Add(worker);
        }

        /// <summary>Has good workers do what is left.</summary>
        private bool HasEnded(TestNode node)
        {
            _alive.RemoveAll(each => each.Link.DisconnectedBecause is not null);
            if (_alive.All(worker => worker.IsLeaving)) Connect();
            foreach (var worker in _alive) worker.DoAll();
            return _receipts.All(receipt => receipt.Settled.IsCompleted) && node["outputs.work"] is { Queued: 0 } line && line.Workers!.Sum(worker => worker.Queued) == 0;
        }
    }

    private sealed class Peer(FakePeer link, bool answers)
    {
        private int _answered;

        public FakePeer Link => link;

        public bool IsLeaving { get; private set; }

        public void Say(LinkWord word)
        {
            if (answers) link.Say(LinkCodec.ToMessage(word));
        }

        public void Do(Step step, int which)
        {
            if (!answers)
            {
                if (step == Step.Done) link.WriteAll();
                return;
            }
            var given = Given();
            if (step == Step.Leave && given.Count > 0)
            {
                IsLeaving = true;
                Say(new LinkWord.Leaving());
            }
            if (given.Count == 0 || (step != Step.DoneAgain && _answered == given.Count)) return;
            var (session, tag) = given[step == Step.DoneAgain ? which % given.Count : _answered++];
            Say(step switch
            {
                Step.Fail => new LinkWord.Failed(session, tag, "no"),
                Step.Return => new LinkWord.Return(session, [tag]),
                _ => new LinkWord.Done(session, [tag]),
            });
        }

        public void DoAll()
        {
            if (!answers)
            {
                link.WriteAll();
                return;
            }
            foreach (var (session, tag) in Given()) Say(new LinkWord.Done(session, [tag]));
        }

        private List<(ulong Session, ulong Tag)> Given() => link.Sent
            .Select(message => LinkCodec.TryRead(message, out var word) ? word as LinkWord.Deliver : null)
            .OfType<LinkWord.Deliver>()
            .Select(word => (word.Session, word.Tag))
            .ToList();
    }
}
