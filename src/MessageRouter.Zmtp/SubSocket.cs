using System.Text;

namespace MessageRouter.Zmtp;

/// <summary>
/// Receives what PUB sockets publish, as far as their first frame begins with something that was subscribed to. What is published while no
/// connection is there, or while this side does not read, is lost at the publisher.
/// </summary>
public sealed class SubSocket : ReceivingSocket
{
    private readonly Subscriptions _wanted = new();

    /// <summary>Opens the socket.</summary>
    /// <param name="options">The options.</param>
    /// <param name="prefixes">What is subscribed to from the beginning, as UTF-8; nothing for everything.</param>
    /// <exception cref="ArgumentException">An option is out of range, or an endpoint is none.</exception>
    /// <exception cref="ZmtpEndpointException">An endpoint could not be bound.</exception>
    public SubSocket(ZmtpOptions options, params ReadOnlySpan<string> prefixes)
        : base(options, PeerSocketType.Sub)
    {
        if (prefixes.IsEmpty) Subscribe("");
        foreach (var prefix in prefixes) Subscribe(prefix);
        Open();
    }

    /// <summary>Subscribes to messages that begin with a prefix, as UTF-8; the empty one is that of all. A second time changes nothing.</summary>
    public void Subscribe(string prefix) => Subscribe(Encoding.UTF8.GetBytes(prefix ?? throw new ArgumentNullException(nameof(prefix))));

    /// <summary>The same for a prefix of any bytes.</summary>
    public void Subscribe(ReadOnlySpan<byte> prefix)
    {
        lock (Gate)
        {
            if (_wanted.Add(prefix)) Tell(1, prefix);
        }
    }

    /// <summary>Ends a subscription, where there is one. Messages that are on their way may still come.</summary>
    public void Unsubscribe(string prefix) => Unsubscribe(Encoding.UTF8.GetBytes(prefix ?? throw new ArgumentNullException(nameof(prefix))));

    /// <summary>The same for a prefix of any bytes.</summary>
    public void Unsubscribe(ReadOnlySpan<byte> prefix)
    {
        lock (Gate)
        {
            if (_wanted.Remove(prefix)) Tell(0, prefix);
        }
    }

    private protected override void Met(Member member)
    {
        foreach (var prefix in _wanted.Prefixes) Tell(member, 1, prefix);
    }

    /// <remarks>A publisher that is honest sends nothing else.</remarks>
    private protected override Task Heard(Member member, ZmtpBatch batch)
    {
        ZmtpBatch wanted;
        lock (Gate) wanted = batch.Where(_wanted);
        return wanted.Count == 0 ? Task.CompletedTask : base.Heard(member, wanted);
    }

    private void Tell(byte verb, ReadOnlySpan<byte> prefix)
    {
        foreach (var member in Members.Values) Tell(member, verb, prefix);
    }

    private static void Tell(Member member, byte verb, ReadOnlySpan<byte> prefix) => member.Give(new ZmtpBatch(new ZmtpMessage((byte[])[verb, .. prefix])));
}
