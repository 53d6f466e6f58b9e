using MessageRouter.Components;
using MessageRouter.Distribution;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Distribution;

/// <summary>The worker's end of a link, whose steps a test runs itself.</summary>
public class DistributorLinkTests
{
    private readonly Queue<IThreadPoolWorkItem> _steps = [];
    private readonly RecordingPeer _peer = new();
    private readonly DistributorLink _link;

    public DistributorLinkTests()
    {
        var clock = new FakeTimeProvider();
        _link = new DistributorLink(_peer, new LinkWord.Hello(LinkWord.Version, 256, "w"), clock, new DistributorLinkLog(NullLogger.Instance, clock), _steps.Enqueue);
    }

    [Fact]
    public void Everything_is_answered_before_the_link_closes_even_what_is_answered_while_another_answer_is_being_sent()
    {
        var work = Deliver(1, 2);

        // The thread that sends the first answer is held up just before it does; others get as far as they can.
        _peer.BeforeNextSend = () =>
        {
            work[1].Receipt!.Settle(Fate.Done);
            _link.Leave();
            RunSteps();
        };
        work[0].Receipt!.Settle(Fate.Done);
        RunSteps();

        Assert.Equal(["Hello", "Done 1", "Done 2", "Leaving", "closed"], _peer.Heard);
    }

    [Fact]
    public void Answers_that_gather_until_the_step_runs_are_sent_together()
    {
        var work = Deliver(1, 2, 3);

        foreach (var message in work) message.Receipt!.Settle(Fate.Done);
        Assert.Single(_steps);
        RunSteps();

        Assert.Equal(["Hello", "Done 1 2 3"], _peer.Heard);
    }

    private List<Message> Deliver(params ulong[] tags)
    {
        var intake = new Intake(new Edge("", new BoundedMailbox(16, long.MaxValue, new ComponentCounts()), Overflow.Wait), MessageFormat.Bytes);
        var welcome = LinkCodec.ToMessage(new LinkWord.Welcome(LinkWord.Version, ScriptedDistributor.Session, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        return _link.Read(MessageBatch.Of(tags.Select(tag => ScriptedDistributor.Delivery(tag, "{}")).Prepend(welcome)), intake);
    }

    private void RunSteps()
    {
        while (_steps.TryDequeue(out var step)) step.Execute();
    }

    /// <summary>Notes down what it hears; as a connection does, it takes nothing more once it was told to close.</summary>
    private sealed class RecordingPeer : IPeer
    {
        public string Name => "tcp://127.0.0.1:1";

        public bool IsAccepted => false;

        public int Unconfirmed => 0;

        public PeerTraffic Traffic => default;

        public void Finish()
        {
        }

        public List<string> Heard { get; } = [];

        public Action? BeforeNextSend { get; set; }

        public void Send(ZmtpBatch batch)
        {
            var before = BeforeNextSend;
            BeforeNextSend = null;
            before?.Invoke();
            if (!Heard.Contains("closed")) Heard.AddRange(MessageBatch.Of(batch, MessageFormat.Bytes).Select(Describe));
        }

        public void Close(string reason)
        {
            if (!Heard.Contains("closed")) Heard.Add("closed");
        }

        public void Disconnect(string reason, string? refusal = null) => Heard.Add("disconnected");

        private static string Describe(Message message)
        {
            Assert.True(LinkCodec.TryRead(message, out var word));
            return word is LinkWord.Done done ? $"Done {string.Join(' ', done.Tags)}" : word.GetType().Name;
        }
    }
}
