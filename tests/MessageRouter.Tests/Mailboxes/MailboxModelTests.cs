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

    /// <summary>Less than one message, a few of them, or so many that it sets no bound.</summary>
    private static readonly Gen<long> MaxBytes = Gen.OneOf(Gen.Long[1, 400], Gen.Const(long.MaxValue));

    private static readonly Gen<(int Capacity, long MaxBytes, Overflow Overflow, (Step Step, int Size)[] Steps)> Runs = Gen.Select(
        Gen.Int[1, 8],
        MaxBytes,
        Gen.Enum<Overflow>(),
        Gen.Select(Gen.Frequency((5, Gen.Const(Step.Send)), (5, Gen.Const(Step.Take)), (1, Gen.Enum<Step>())), Gen.Int[1, 12]).Array[0, 60]);

    [Fact]
    public void One_edge_behaves_as_its_model() =>
        Runs.Sample(run =>
        {
            var model = new Model(run.Capacity, run.MaxBytes, run.Overflow);
            foreach (var (step, size) in run.Steps) model.Run(step, size);
            model.Close();
        });

    [Fact]
    public void Several_edges_lose_and_invent_nothing() =>
        Gen.Select(
            Gen.Int[1, 8],
            MaxBytes,
            Gen.Enum<Overflow>().Array[1, 4],
            Gen.Select(Gen.Int[0, 7], Gen.Int[1, 12]).Array[0, 80])
        .Sample((capacity, maxBytes, policies, steps) =>
        {
            var mailbox = new BoundedMailbox(capacity, maxBytes, new ComponentCounts());
            var edges = policies.Select((policy, i) => new Edge($"{i}", mailbox, policy)).ToList();
            long taken = 0;
            var next = 1;
            foreach (var (which, size) in steps)
            {
                if (which < edges.Count)
                {
                    edges[which].Send(Batch(next, size));
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
                Assert.True(mailbox.Bytes <= maxBytes || mailbox.Queued == 1, $"{mailbox.Queued} messages of {mailbox.Bytes} bytes wait.");
                Assert.All(edges.Where(edge => edge.Overflow == Overflow.Wait && !policies.Contains(Overflow.DropOldest)), edge => Assert.Empty(edge.Dropped.Snapshot()));
            }
        });

    /// <summary>Small and large ones, as their numbers have it.</summary>
    private static int SizeOf(int number) => 20 + (number * 37 % 90);

    private static MessageBatch Batch(int from, int count) => Some.SizedBatch(from, Enumerable.Range(from, count).Select(SizeOf));

    private sealed class Model(int capacity, long maxBytes, Overflow overflow)
    {
        private readonly BoundedMailbox _mailbox = new(capacity, maxBytes, new ComponentCounts());
        private readonly List<int> _queued = [];
        private readonly List<int> _kept = [];
        private Edge? _edge;
        private Delivery? _inHand;
        private int _next = 1;
        private readonly List<int> _taken = [];
        private int _dropped;
        private bool _paused;

        private Edge Edge => _edge ??= new Edge("a", _mailbox, overflow);

        private bool IsHalfEmpty => _queued.Count <= capacity / 2 && BytesOf(_queued) <= maxBytes / 2;

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
            Edge.Send(Batch(_next, size));
            var sent = Enumerable.Range(_next, size).ToList();
            _next += size;
            switch (overflow)
            {
                case Overflow.DropNewest:
                    var fitting = Fitting(sent, _queued);
                    _dropped += size - fitting;
                    _queued.AddRange(sent.Take(fitting));
                    break;
                case Overflow.DropOldest:
                    var newest = sent[^Fitting(Enumerable.Reverse(sent).ToList(), [])..];
                    while (_queued.Count > 0 && !IsWithin(_queued.Concat(newest)))
                    {
                        _queued.RemoveAt(0);
                        _dropped++;
                    }
                    _queued.AddRange(newest);
                    _dropped += size - newest.Count;
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
            Assert.Equal(_queued.Take(count), Numbers(_inHand.Batch));
            _taken.AddRange(_queued.Take(count));
            _queued.RemoveRange(0, count);
            if (IsHalfEmpty) Admit();
        }

        private void Return(int handled)
        {
            if (_inHand is not { } delivery) return;
            handled = Math.Min(handled, delivery.Batch.Count);
            _mailbox.Return([delivery.Skip(handled)]);
            var returned = Numbers(delivery.Batch.Skip(handled)).ToList();
            _queued.InsertRange(0, returned);
            _taken.RemoveAll(returned.Contains);
            _inHand = null;
        }

        private void Admit()
        {
            var admitted = Fitting(_kept, _queued);
            _queued.AddRange(_kept.Take(admitted));
            _kept.RemoveRange(0, admitted);
        }

        private int Fitting(IReadOnlyList<int> coming, IReadOnlyList<int> waiting)
        {
            var fitting = 0;
            while (fitting < coming.Count && IsWithin(waiting.Concat(coming.Take(fitting + 1)))) fitting++;
            return fitting == 0 && waiting.Count == 0 ? Math.Min(1, coming.Count) : fitting;
        }

        private bool IsWithin(IEnumerable<int> messages) => messages.Count() <= capacity && BytesOf(messages) <= maxBytes;

        private static long BytesOf(IEnumerable<int> messages) => messages.Sum(number => (long)SizeOf(number));

        private static IEnumerable<int> Numbers(IEnumerable<Message> messages) => messages.Select(message => (int)message["n"]!);

        private void Check()
        {
            Assert.Equal(_queued.Count, _mailbox.Queued);
            Assert.Equal(_kept.Count, Edge.Waiting.Value);
            Assert.Equal((BytesOf(_queued), BytesOf(_kept), BytesOf(_taken)), (_mailbox.Bytes, Edge.Waiting.Bytes, _mailbox.Counts.Held.Bytes));
            Assert.Equal(BytesOf(_queued.Concat(_kept).Concat(_taken)) + NodeMemory.Overhead * (_queued.Count + _kept.Count + _taken.Count), _mailbox.Counts.Memory.Waiting);
            Assert.Equal(_dropped, Edge.Dropped.Snapshot().Values.Sum());
            Assert.Equal(_next - 1, _taken.Count + _dropped + _mailbox.Queued + Edge.Waiting.Value);
        }
    }
}
