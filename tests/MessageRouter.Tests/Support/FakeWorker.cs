using MessageRouter.Distribution;

namespace MessageRouter.Tests.Support;

/// <summary>A worker of an at-least-once link that answers as a test says.</summary>
internal sealed class FakeWorker
{
    private FakeWorker(FakePeer peer) => Peer = peer;

    public FakePeer Peer { get; }

    /// <summary>What it was given, answered or not, in order.</summary>
    public IReadOnlyList<(LinkWord.Deliver Word, Message Message)> Given => Words
        .Where(each => each.Word is LinkWord.Deliver)
        .Select(each => ((LinkWord.Deliver)each.Word, each.Message))
        .ToList();

    public IReadOnlyList<string> Texts => Given.Select(each => each.Message.ToString()).ToList();

    public LinkWord.Welcome Welcome => Words.Select(each => each.Word).OfType<LinkWord.Welcome>().Single();

    public int Pings => Words.Count(each => each.Word is LinkWord.DistributorPing);

    public IReadOnlyList<(LinkWord Word, Message Message)> Words => Peer.Sent
        .Select(message => (LinkCodec.TryRead(message, out var word) ? word : throw new InvalidOperationException("not a word"), message))
        .ToList();

    /// <summary>Has a worker connect and waits until it is welcome.</summary>
    public static async Task<FakeWorker> ConnectAsync(FakePeers peers, string name, uint window = 100)
    {
        var worker = new FakeWorker(peers.Connect($"tcp://{name}"));
        worker.Say(new LinkWord.Hello(LinkWord.Version, window, name));
        await Eventually.IsTrueAsync(() => worker.Peer.Sent.Count > 0);
        return worker;
    }

    public void Say(LinkWord word) => Peer.Say(LinkCodec.ToMessage(word));

    /// <summary>Waits until it has been given so many messages in all.</summary>
    public Task HasAsync(int count) => Eventually.IsTrueAsync(() => Given.Count == count, () => $"It was given {Given.Count}.");

    public void Done(params int[] given) => Say(new LinkWord.Done(Welcome.Session, [.. given.Select(Tag)]));

    public void Return(params int[] given) => Say(new LinkWord.Return(Welcome.Session, [.. given.Select(Tag)]));

    public void Fail(int given, string reason = "no") => Say(new LinkWord.Failed(Welcome.Session, Tag(given), reason));

    public ulong Tag(int given) => Given[given].Word.Tag;
}
