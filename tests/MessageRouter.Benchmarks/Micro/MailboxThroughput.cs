using BenchmarkDotNet.Attributes;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;

namespace MessageRouter.Benchmarks.Micro;

/// <summary>
/// What a message costs that goes through a mailbox, while several senders are at it. Each waits when the mailbox is full,
/// as what comes from a PULL socket does; the taker is the only one, as an actor is.
/// </summary>
[MemoryDiagnoser, ShortRunJob]
public class MailboxThroughput
{
    private const int Messages = 1 << 18;
    private const int Capacity = 10_000;

    private BoundedMailbox _mailbox = null!;
    private Sender[] _senders = [];

    [Params(1, 4)]
    public int Producers { get; set; }

    [Params(1, 64)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _mailbox = new BoundedMailbox(Capacity, long.MaxValue, new ComponentCounts());
        var batch = MessageBatch.Of(Enumerable.Repeat(Message.FromText("x"), Batch));
        _senders = [.. Enumerable.Range(0, Producers).Select(_ => new Sender(_mailbox, batch, Messages / Batch / Producers))];
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task AdmitAndTake()
    {
        var sending = Task.WhenAll(_senders.Select(sender => Task.Run(sender.Run)));
        for (var taken = 0; taken < Messages;)
        {
            if (_mailbox.TryDequeue(out var envelope)) taken += ((Delivery)envelope.Message).Batch.Count;
            else Thread.Yield();
        }
        await sending;
    }

    private sealed class Sender
    {
        private readonly ManualResetEventSlim _hasRoom = new(true);
        private readonly Edge _edge;
        private readonly MessageBatch _batch;
        private readonly int _count;

        public Sender(BoundedMailbox target, MessageBatch batch, int count)
        {
            _edge = new Edge("sender", target, Overflow.Wait) { Blocked = SetBlocked };
            (_batch, _count) = (batch, count);
        }

        public void Run()
        {
            for (var i = 0; i < _count; i++)
            {
                if (!_edge.Send(_batch)) _hasRoom.Wait();
            }
        }

        private void SetBlocked(bool blocked)
        {
            if (blocked) _hasRoom.Reset();
            else _hasRoom.Set();
        }
    }
}
