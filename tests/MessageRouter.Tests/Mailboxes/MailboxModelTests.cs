using Akka.Actor;
using CsCheck;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Mailboxes;

/// <summary>Random operations on a mailbox, compared after each with a model of plain lists.</summary>
public class MailboxModelTests
{
    private enum Step
    {
        Send,
        Take,
        ReturnAll,
        ReturnPart,
        Pause,
        Resume,
    }

    private static readonly Gen<(int Capacity, Overflow Overflow, (Step Step, int Size)[] Steps)> Runs = Gen.Select(
        Gen.Int[1, 8],
        Gen.Enum<Overflow>(),
        Gen.Select(Gen.Frequency((5, Gen.Const(Step.Send)), (5, Gen.Const(Step.Take)), (1, Gen.Enum<Step>())), Gen.Int[1, 12]).Array[0, 60]);

    [Fact]
    public void One_edge_behaves_as_its_model() =>
        Runs.Sample(run =>
        {
            var model = new Model(run.Capacity, run.Overflow);
            foreach (var (step, size) in run.Steps) model.Run(step, size);
            model.Close();
        });

    [Fact]
    public void Several_edges_lose_and_invent_nothing() =>
        Gen.Select(
            Gen.Int[1, 8],
            Gen.Enum<Overflow>().Array[1, 4],
            Gen.Select(Gen.Int[0, 7], Gen.Int[1, 12]).Array[0, 80])
        .Sample((capacity, policies, steps) =>
        {
            var mailbox = new BoundedMailbox(capacity, new ComponentCounts());
            var edges = policies.Select((policy, i) => new Edge($"{i}", mailbox, policy)).ToList();
            long taken = 0;
            var next = 1;
            foreach (var (which, size) in steps)
            {
                if (which < edges.Count)
                {
                    edges[which].Send(Some.Batch(next, size));
                    next += size;
                }
                else if (mailbox.TryDequeue(out var envelope))
                {
                    taken += ((Delivery)envelope.Message).Batch.Count;
                }

                var dropped = edges.Sum(edge => edge.Dropped.Snapshot().Values.Sum());
                var waiting = edges.Sum(edge => edge.Waiting.Value);
                Assert.Equal(mailbox.Counts.In.Value, taken + dropped + mailbox.Queued + waiting);
                Assert.Equal(mailbox.Counts.Dropped.Snapshot().Values.Sum(), dropped);
                Assert.InRange(mailbox.Queued, waiting > 0 ? 1 : 0, capacity);
                Assert.All(edges.Where(edge => edge.Overflow == Overflow.Wait && !policies.Contains(Overflow.DropOldest)), edge => Assert.Empty(edge.Dropped.Snapshot()));
            }
        });

    private sealed class Model(int capacity, Overflow overflow)
    {
        private readonly BoundedMailbox _mailbox = new(capacity, new ComponentCounts());
        private readonly List<int> _queued = [];
        private readonly List<int> _kept = [];
        private Edge? _edge;
        private Delivery? _inHand;
        private int _next = 1;
        private int _taken;
        private int _dropped;
        private bool _paused;

        private Edge Edge => _edge ??= new Edge("a", _mailbox, overflow);

        private int Room => Math.Max(0, capacity - _queued.Count);

        public void Run(Step step, int size)
        {
            switch (step)
            {
                case Step.Send:
                    Send(size);
                    break;
                case Step.Take:
                    Take();
                    break;
                case Step.ReturnAll:
                    Return(0);
                    break;
                case Step.ReturnPart:
                    Return(size);
                    break;
                case Step.Pause:
                    _mailbox.Pause(PauseReasons.Busy);
                    _paused = true;
                    break;
                default:
                    _mailbox.Resume(PauseReasons.Busy);
                    _paused = false;
                    break;
            }
            Check();
        }

        public void Close()
        {
            _dropped += _queued.Count + _kept.Count;
            _queued.Clear();
            _kept.Clear();
            _mailbox.CleanUp(ActorRefs.Nobody, _mailbox);
            Check();
        }

        private void Send(int size)
        {
            Edge.Send(Some.Batch(_next, size));
            var sent = Enumerable.Range(_next, size).ToList();
            _next += size;
            switch (overflow)
            {
                case Overflow.DropNewest:
                    _dropped += Math.Max(0, size - Room);
                    _queued.AddRange(sent.Take(Room).ToList());
                    break;
                case Overflow.DropOldest:
                    _queued.AddRange(sent);
                    var over = Math.Max(0, _queued.Count - capacity);
                    _queued.RemoveRange(0, over);
                    _dropped += over;
                    break;
                default:
                    _kept.AddRange(sent);
                    if (_kept.Count == size) Admit();
                    break;
            }
        }

        private void Take()
        {
            if (_paused || _queued.Count == 0)
            {
                Assert.False(_mailbox.HasMessages);
                Assert.False(_mailbox.TryDequeue(out _));
                return;
            }
            Assert.True(_mailbox.HasMessages);
            Assert.True(_mailbox.TryDequeue(out var envelope));
            _inHand = (Delivery)envelope.Message;
            var count = _inHand.Batch.Count;
            Assert.Equal(_queued.Take(count).Select(Some.Text), _inHand.Batch.Select(message => message.ToString()));
            _queued.RemoveRange(0, count);
            _taken += count;
            if (_queued.Count <= capacity / 2) Admit();
        }

        private void Return(int handled)
        {
            if (_inHand is not { } delivery) return;
            handled = Math.Min(handled, delivery.Batch.Count);
            _mailbox.Return([delivery.Skip(handled)]);
            _queued.InsertRange(0, delivery.Batch.Skip(handled).Select(message => (int)message["n"]!));
            _taken -= delivery.Batch.Count - handled;
            _inHand = null;
        }

        private void Admit()
        {
            var admitted = Math.Min(Room, _kept.Count);
            _queued.AddRange(_kept.Take(admitted));
            _kept.RemoveRange(0, admitted);
        }

        private void Check()
        {
            Assert.Equal(_queued.Count, _mailbox.Queued);
            Assert.Equal(_kept.Count, Edge.Waiting.Value);
            Assert.Equal(_dropped, Edge.Dropped.Snapshot().Values.Sum());
            Assert.Equal(_next - 1, _taken + _dropped + _mailbox.Queued + Edge.Waiting.Value);
        }
    }
}
