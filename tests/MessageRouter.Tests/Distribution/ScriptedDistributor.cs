using System.Text;
using MessageRouter.Distribution;
using MessageRouter.Tests.Zmtp;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Distribution;

/// <summary>A distributor that says what a test says.</summary>
internal sealed class ScriptedDistributor : IAsyncDisposable
{
    public const ulong Session = 0xFEDCBA9876543210;

    private readonly PeerProbe _probe;
    private IPeer? _worker;

    private ScriptedDistributor(PeerProbe probe) => _probe = probe;

    public string Endpoint => _probe.Endpoint;

    public PeerProbe Probe => _probe;

    public static ScriptedDistributor Bound() => new(PeerProbe.Bound(PeerSocketType.Router));

    public static ScriptedDistributor Connected(string endpoint) => new(PeerProbe.Connected(PeerSocketType.Dealer, endpoint));

    /// <summary>Waits for a worker and welcomes it.</summary>
    public async Task<LinkWord.Hello> WelcomeAsync()
    {
        _worker = await _probe.NextPeerAsync();
        var hello = Assert.IsType<LinkWord.Hello>(await HearAsync());
        Say(new LinkWord.Welcome(LinkWord.Version, Session, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        return hello;
    }

    /// <summary>Waits for a worker and its greeting, and says nothing.</summary>
    public async Task MeetAsync()
    {
        _worker = await _probe.NextPeerAsync();
        Assert.IsType<LinkWord.Hello>(await HearAsync());
    }

    public void Say(params LinkWord[] words) => _worker!.Send(MessageBatch.Of(words.Select(LinkCodec.ToMessage)));

    public void Say(Message message) => _worker!.Send(MessageBatch.Of(message));

    /// <summary>Delivers messages with the tags from <paramref name="first"/> on.</summary>
    public void Deliver(ulong first, params string[] payloads) =>
        _worker!.Send(MessageBatch.Of(payloads.Select((payload, i) => Delivery(first + (ulong)i, payload))));

    public static Message Delivery(ulong tag, string payload, uint redeliveries = 0, ulong session = Session) =>
        LinkCodec.ToMessage(new LinkWord.Deliver(session, tag, redeliveries, $"id-{tag}"), Message.FromBytes(Encoding.UTF8.GetBytes(payload)));

    /// <summary>Whether the worker has said something that was not listened to.</summary>
    public bool HasHeard => _probe.HasMessageOf(_worker!);

    /// <summary>The next word of the worker that was met last.</summary>
    public async Task<LinkWord> HearAsync()
    {
        Assert.True(LinkCodec.TryRead(await _probe.NextMessageAsync(_worker!), out var word));
        return word;
    }

    /// <summary>Listens until there are so many answers: the tag and <c>done</c>, <c>return</c>, or the reason of a failure. What else is said is passed over.</summary>
    public async Task<Dictionary<ulong, string>> AnswersAsync(int count)
    {
        var answers = new Dictionary<ulong, string>();
        while (answers.Count < count)
        {
            switch (await HearAsync())
            {
                case LinkWord.Done done:
                    Assert.Equal(Session, done.Session);
                    foreach (var tag in done.Tags) answers.Add(tag, "done");
                    break;
                case LinkWord.Return returned:
                    Assert.Equal(Session, returned.Session);
                    foreach (var tag in returned.Tags) answers.Add(tag, "return");
                    break;
                case LinkWord.Failed failed:
                    Assert.Equal(Session, failed.Session);
                    answers.Add(failed.Tag, failed.Reason);
                    break;
            }
        }
        return answers;
    }

    public async Task<string> EndAsync() => (await _probe.NextEndAsync()).End.Reason;

    public void Disconnect() => _worker!.Disconnect("The test ends it.");

    public ValueTask DisposeAsync() => _probe.DisposeAsync();
}
