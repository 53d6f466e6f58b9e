using CsCheck;
using MessageRouter.Links;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Links;

/// <summary>
/// The books of both ends of a link against what has really happened, with a publisher and a subscriber whose connections begin and break at any time, with anything under way, and whose
/// nodes start again.
/// </summary>
public class LinkModelTests
{
    private static readonly string[] Topics = ["a", "b", "c"];

    private static readonly string[][] Filters = [[""], ["a"], ["a", "b"], ["a", "b", "c"]];

    private enum Step
    {
        Publish,
        Write,
        Read,
        Connect,
        Subscribe,
        BreakAtSender,
        BreakAtReceiver,
        Tell,
        RestartSender,
        RestartReceiver,
        RestartBoth,
    }

    private static readonly Gen<(Step Step, int Number)[]> Histories = Gen.Select(
        Gen.Frequency(
            (10, Gen.Const(Step.Publish)), (8, Gen.Const(Step.Write)), (8, Gen.Const(Step.Read)), (5, Gen.Const(Step.Connect)), (5, Gen.Const(Step.Subscribe)),
            (2, Gen.Const(Step.BreakAtSender)), (2, Gen.Const(Step.BreakAtReceiver)), (4, Gen.Const(Step.Tell)),
            (1, Gen.Const(Step.RestartSender)), (1, Gen.Const(Step.RestartReceiver)), (1, Gen.Const(Step.RestartBoth))),
        Gen.Int[0, 1000]).Array[0, 120];

    [Fact]
    public void Both_ends_know_what_has_become_of_every_message_and_never_say_more_than_is_true() =>
        Gen.Select(Histories, Gen.Int[0, Filters.Length - 1]).Sample((history, filter) => new Story(Filters[filter]).Play(history), iter: 10000);

    /// <summary>One history.</summary>
    private sealed class Story(string[] prefixes)
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly List<ModelLink> _links = [];
        private readonly List<Run> _senders = [];
        private readonly List<Run> _receivers = [];
        private long _away;
        private long _toNobody;
        private long _copies;
        private bool _hasSubscribed;

        private Run Sender => _senders[^1];

        private Run Receiver => _receivers[^1];

        private IEnumerable<ModelLink> Open => _links.Where(link => link.SenderIsOpen && link.Sender == Sender);

        public void Play((Step Step, int Number)[] history)
        {
            Start(_senders, "from");
            Start(_receivers, "to");
            foreach (var (step, number) in history)
            {
                Do(step, number);
                foreach (var link in _links) link.CountLate();
                CheckNothingIsSaidThatIsNotTrue();
            }
            EndWell();
            CheckAllIsKnown();
        }

        private void Do(Step step, int number)
        {
            switch (step)
            {
                case Step.Publish:
                    Publish(number);
                    break;
                case Step.Write when Pick(Open, number) is { } link:
                    link.Write(number % 4 + 1);
                    break;
                case Step.Read when Pick(_links.Where(link => link.ReceiverIsOpen), number) is { } link:
                    link.Read(number % 4 + 1);
                    break;
                case Step.Connect when _links.Count(link => link.SenderIsOpen || link.ReceiverIsOpen) < 3:
                    _links.Add(new ModelLink(Sender, Receiver, prefixes));
                    break;
                case Step.Subscribe when Pick(Open.Where(link => link.Unsaid.Count > 0), number) is { } link:
                    Subscribe(link, number % 2 + 1);
                    break;
                case Step.BreakAtSender when Pick(Open, number) is { } link:
                    link.EndAtSender(arrives: number % 2 == 0);
                    break;
                case Step.BreakAtReceiver when Pick(_links, number) is { } link:
                    link.EndAtReceiver();
                    break;
                case Step.Tell when Pick(Open.Where(link => link.Down.IsDirty), number) is { } link:
                    link.Down.Tell();
                    break;
                case Step.RestartSender:
                    RestartSender();
                    break;
                case Step.RestartReceiver:
                    RestartReceiver();
                    break;
                case Step.RestartBoth:
                    RestartSender();
                    RestartReceiver();
                    break;
            }
        }

        private void Publish(int number)
        {
            var text = Topics[number % Topics.Length] + number;
            foreach (var link in Open.Where(link => Wants(link, text))) link.Offer(text);

            // By hand: it is missed while there is no connection on which everything was subscribed to, and none that has it already.
            if (_hasSubscribed && Prefixes(text) && !Open.Any(link => link.Unsaid.Count == 0) && !Open.Any(link => Wants(link, text))) _away++;
            var message = MessageBatch.Of(Message.FromBytes(System.Text.Encoding.ASCII.GetBytes(text)));
            Sender.Index.Look(message.ToWire());
            Sender.Down.Publish(message);
            Sender.Published++;
            var copies = Open.Count(link => Wants(link, text));
            _copies += Math.Max(0, copies - 1);
            if (copies == 0) _toNobody++;
        }

        private bool Prefixes(string text) => prefixes.Any(text.StartsWith);

        private static bool Wants(ModelLink link, string text) => link.Subscriptions.Matches(System.Text.Encoding.ASCII.GetBytes(text));

        private void Subscribe(ModelLink link, int count)
        {
            link.Subscribe(count);
            if (link.Unsaid.Count > 0) return;
            if (!_hasSubscribed) link.Truth.BeforeSubscribe = _toNobody;
            _hasSubscribed = true;
            if (_away > 0) link.Truth.Drop(LossReasons.Away, _away);
            _away = 0;
        }

        private void RestartSender()
        {
            foreach (var link in Open.ToList()) link.EndAtSender(arrives: true);
            Start(_senders, "from");
            (_away, _toNobody, _copies, _hasSubscribed) = (0, 0, 0, false);
        }

        private void RestartReceiver()
        {
            foreach (var link in _links) link.EndAtReceiver();
            foreach (var link in Open.ToList()) link.EndAtSender(arrives: false);
            Start(_receivers, "to");
            if (!_hasSubscribed) _toNobody = Sender.Published;
        }

        private void Start(List<Run> runs, string name) => runs.Add(new Run(name, $"x.{name}", _clock));

        /// <summary>The two that are there last meet once more, and the sender ends as it should.</summary>
        private void EndWell()
        {
            foreach (var link in Open.Where(link => !link.ReceiverIsOpen || link.Receiver != Receiver).ToList()) link.EndAtSender(arrives: false);
            foreach (var link in _links.Where(link => !link.SenderIsOpen && link.ReceiverIsOpen)) link.Read(int.MaxValue);
            _links.Add(new ModelLink(Sender, Receiver, prefixes));
            foreach (var link in Open.ToList())
            {
                Subscribe(link, prefixes.Length);
                link.Write(int.MaxValue);
                link.Down.SayLastWord();
                link.Write(int.MaxValue);
                link.Read(int.MaxValue);
            }
            foreach (var link in Open.ToList()) link.EndAtSender(arrives: true);
            foreach (var link in _links) link.Read(int.MaxValue);
        }

        private void CheckNothingIsSaidThatIsNotTrue()
        {
            foreach (var sender in _senders)
            {
                foreach (var (receiver, truth) in sender.Truths)
                {
                    Assert.Equal(truth.Written, sender.DownLineOf(receiver).Sent);
                    if (receiver.LineOf(sender) is not { } line) continue;
                    Assert.Null(line.Contradiction);
                    Assert.Equal(truth.Received, line.Received);
                    Assert.Equal(line.Sent, line.Received + line.LostInTransit + line.UnderWay);
                    Assert.InRange(line.Sent, truth.Received, truth.Written);
                    Assert.InRange(line.LostInTransit, 0, truth.LostUpToNow);
                    Assert.InRange(line.UnderWay, 0, truth.Written - truth.Received);
                }
            }
        }

        private void CheckAllIsKnown()
        {
            CheckNothingIsSaidThatIsNotTrue();
            var (truth, line, sent) = (Sender.TruthOf(Receiver), Receiver.LineOf(Sender)!, Sender.DownLineOf(Receiver));
            Assert.Equal("finished", line.State);
            Assert.Equal("finished", sent.State);
            Assert.Equal(truth.Written, line.Sent);
            Assert.Equal(truth.Written - truth.Received, line.LostInTransit);
            Assert.Equal(0, line.UnderWay);
            Assert.Equal(truth.Dropped, line.DroppedBySender);
            Assert.Equal(truth.Dropped, sent.Dropped);
            Assert.Equal(truth.BeforeSubscribe, line.BeforeSubscribe);
            Assert.Equal(truth.BeforeSubscribe, sent.BeforeSubscribe);
            Assert.Equal(0, sent.Queued);
            Assert.Null(line.Uncounted);
            if (prefixes is [""] && _receivers.Count == 1)
                Assert.Equal(Sender.Published + _copies, line.BeforeSubscribe + line.Sent + line.DroppedBySender.Values.Sum());
        }

        private static ModelLink? Pick(IEnumerable<ModelLink> links, int number) => links.ToList() is { Count: > 0 } all ? all[number % all.Count] : null;
    }
}
