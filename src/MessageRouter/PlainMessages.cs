using MessageRouter.Zmtp;

namespace MessageRouter;

/// <summary>
/// Messages of one peer of which there is nothing but the payload, as nearly all come in. Who only checks or writes bytes needs no more; the messages
/// themselves are made when somebody asks for one.
/// </summary>
internal sealed class PlainMessages(Payloads payloads, MessageDetails details)
{
    private Message[]? _messages;

    public Payloads Payloads => payloads;

    /// <summary>What all of them share.</summary>
    public MessageDetails Details => details;

    /// <summary>Whether somebody has asked for the messages.</summary>
    public bool AreMade => Volatile.Read(ref _messages) is not null;

    /// <summary>The messages, the same ones for all who ask.</summary>
    public Message[] Messages => Volatile.Read(ref _messages) ?? Make();

    private Message[] Make()
    {
        var made = new Message[payloads.Count];
        for (var i = 0; i < made.Length; i++) made[i] = new Message(payloads.PayloadAt(i), details);
        return Interlocked.CompareExchange(ref _messages, made, null) ?? made;
    }
}
