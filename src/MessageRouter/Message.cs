using System.Text;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter;

/// <summary>
/// One message: a payload of bytes with, for ZeroMQ multipart messages, the frames that came before it.
/// A message never changes and is shared by every branch that it is sent to; the methods that edit return a new one.
/// </summary>
/// <remarks>
/// Bytes stay bytes until someone asks: a field is read from the bytes (<see cref="Field(string)"/>), the tree that
/// <see cref="Parse"/> builds belongs to its caller, and a tree given to <see cref="WithBody"/> is written when the
/// bytes are needed, at the latest when a filter has returned the message.
/// </remarks>
public sealed partial class Message
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly MessageDetails _details;

    internal Message(ReadOnlyMemory<byte> payload, MessageFormat format, ReadOnlyMemory<byte>[]? leadingFrames = null, Receipt? receipt = null, MessagePeer? peer = null)
        : this(payload, MessageDetails.Of(format, leadingFrames, receipt, peer))
    {
    }

    internal Message(ReadOnlyMemory<byte> payload, MessageDetails details)
    {
        _payload = payload;
        _details = details;
    }

    /// <summary>What the payload is known to be.</summary>
    public MessageFormat Format => _details.Format;

    /// <summary>
    /// The payload: of a multipart message the last frame. The memory belongs to the message and must not be written to.
    /// </summary>
    public ReadOnlyMemory<byte> Payload => _details.Tree is { } tree ? tree.Written : _payload;

    /// <summary>The frames before the payload, in order; empty for all but ZeroMQ multipart messages.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> LeadingFrames => _details.LeadingFrames;

    /// <summary>
    /// Who has sent it; null where that is not known, as of what did not come over a connection, or was made in the node. What is made of a message by its own methods has its peer.
    /// </summary>
    public MessagePeer? Peer => _details.Peer;

    /// <summary>Of a message that came over an at-least-once link: its id and how often it was delivered before; null for all others.</summary>
    public MessageDelivery? Delivery => Receipt?.Delivery;

    /// <summary>The size of payload and frames in bytes.</summary>
    public long Size
    {
        get
        {
            long size = Payload.Length;
            foreach (var frame in _details.LeadingFrames) size += frame.Length;
            return size;
        }
    }

    /// <summary>Makes a message of a JSON tree. The tree belongs to the message from then on and must not be changed.</summary>
    public static Message FromBody(JToken body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Message(default, MessageDetails.Of(new MessageTree(body)));
    }

    /// <summary>Makes a message of JSON bytes.</summary>
    /// <exception cref="FormatException">The bytes are not one JSON document of at most 64 levels.</exception>
    public static Message FromJson(ReadOnlyMemory<byte> json) =>
        JsonCheck.IsDocument(json.Span, out var problem)
            ? new Message(json, MessageFormat.Json)
            : throw new FormatException($"Not a JSON document: {problem}.");

    /// <inheritdoc cref="FromJson(ReadOnlyMemory{byte})"/>
    public static Message FromJson(string json) => FromJson(Encoding.UTF8.GetBytes(json));

    /// <summary>Makes a message of text, kept as UTF-8.</summary>
    public static Message FromText(string text) => new(Encoding.UTF8.GetBytes(text), MessageFormat.Text);

    /// <summary>Makes a message of bytes that are not looked at.</summary>
    public static Message FromBytes(ReadOnlyMemory<byte> payload) => new(payload, MessageFormat.Bytes);

    /// <summary>
    /// Reads one field of a JSON message from its bytes, without building the tree of the whole message.
    /// </summary>
    /// <param name="path">Names separated by dots; a name with a dot in it stands in double quotes; a number is an array's index.</param>
    /// <returns>The value, or null where the message is not JSON or has no such field.</returns>
    /// <exception cref="FormatException">The path is malformed.</exception>
    public JToken? Field(string path)
    {
        var document = Payload.Span;
        return TryFindField(FieldPaths.Of(path), out var slice)
            ? JsonTree.Parse(document.Slice(slice.Start, slice.Length))
            : null;
    }

    /// <summary>
    /// One field, to be compared as it stands: <c>message["level"] == "error"</c>. The path is that of <see cref="Field(string)"/>;
    /// a constant is read once.
    /// </summary>
    /// <returns>The field, or null where the message is not JSON or has no such field.</returns>
    /// <exception cref="FormatException">The path is malformed.</exception>
    public MessageField? this[string path] => TryFindField(FieldPaths.Of(path), out var slice) ? new MessageField(Payload, slice) : default(MessageField?);

    /// <summary>
    /// Parses the payload. Each call returns a tree of its own, which the caller may keep and edit:
    /// dates stay strings, and of a key that stands twice the last one counts.
    /// </summary>
    /// <returns>The tree; of a text message a string, of other bytes a byte array.</returns>
    public JToken Parse() => Format switch
    {
        MessageFormat.Json => JsonTree.Parse(Payload.Span),
        MessageFormat.Text => new JValue(Encoding.UTF8.GetString(Payload.Span)),
        _ => new JValue(Payload.ToArray()),
    };

    /// <summary>This message with another JSON body. The tree belongs to the new message and must not be changed afterwards.</summary>
    public Message WithBody(JToken body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Message(default, MessageDetails.Of(new MessageTree(body), _details));
    }

    /// <summary>This message with another payload; the frames before it stay.</summary>
    /// <param name="payload">The payload, which belongs to the message from then on.</param>
    /// <param name="format">What it is. That it is JSON is checked, at some hundred nanoseconds for a message of 200 bytes.</param>
    /// <exception cref="FormatException">It is to be JSON, and is not one document of at most 64 levels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such format.</exception>
    public Message WithPayload(ReadOnlyMemory<byte> payload, MessageFormat format)
    {
        if (!Enum.IsDefined(format)) throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format.");
        if (format == MessageFormat.Json && !JsonCheck.IsDocument(payload.Span, out var problem)) throw new FormatException($"Not a JSON document: {problem}.");
        return WithKnown(payload, format);
    }

    /// <summary>The same of a payload that is known to be in this format.</summary>
    internal Message WithKnown(ReadOnlyMemory<byte> payload, MessageFormat format) => new(payload, _details.As(format));

    /// <summary>
    /// This message as one that this peer has sent, or of which that is not known: for inputs that know their peers, for filters that make a new message of one, and for tests.
    /// </summary>
    public Message WithPeer(MessagePeer? peer) => ReferenceEquals(Peer, peer) ? this : new Message(_payload, _details.With(peer));

    /// <summary>
    /// Parses the body, lets <paramref name="edit"/> change it and returns the new message: for changes that need to see the whole tree. Single
    /// fields are set, removed and renamed at a small part of the cost by <see cref="With(string, string)"/>, <see cref="Without"/> and <see cref="Rename"/>.
    /// </summary>
    /// <exception cref="MessageException">The payload is not a JSON object.</exception>
    public Message Edit(Action<JObject> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        if (Format != MessageFormat.Json || Parse() is not JObject body)
            throw new MessageException("Only a message whose payload is a JSON object can be edited.");
        edit(body);
        return WithBody(body);
    }

    /// <summary>The payload as text, for logs and tests; bytes that are not UTF-8 are replaced.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>Through which the message's sender hears what becomes of it; null where nobody waits for that.</summary>
    internal Receipt? Receipt => _details.Receipt;

    /// <summary>
    /// This message as bytes, where it was given as a tree: messages wait in mailboxes, where trees would keep the garbage collector busy.
    /// What cannot be written stays as it is, and the output that needs the bytes says so.
    /// </summary>
    internal Message Written()
    {
        if (_details.Tree is not { } tree) return this;
        try
        {
            return new Message(tree.Written, _details.As(Format));
        }
        catch (Exception)
        {
            // The output's codec meets it again, and counts it.
            return this;
        }
    }

    /// <summary>
    /// This message, <see cref="Written"/>, in place of <paramref name="original"/>, whose receipt it takes over. A tree that waited for
    /// the rest of its batch would have left the processor's cache by the time that it is written.
    /// </summary>
    internal Message InPlaceOf(Message original) => Written().With(original.Receipt);

    /// <summary>This message with another receipt, or none.</summary>
    internal Message With(Receipt? receipt) => ReferenceEquals(Receipt, receipt) ? this : new Message(_payload, _details.With(receipt));

    /// <summary>What subscriptions are compared with.</summary>
    internal ReadOnlyMemory<byte> FirstFrame => LeadingFrameArray is [var first, ..] ? first : Payload;

    internal ReadOnlyMemory<byte>[] LeadingFrameArray => _details.LeadingFrames;

    /// <summary>Of a frame before the payload: where it is.</summary>
    internal const int FrameOverhead = 16;

    /// <summary>
    /// What <see cref="Size"/> is, for those who account for what waits: of a tree, which waits only where it cannot be written, nothing; and what each frame
    /// before the payload takes beside its bytes.
    /// </summary>
    internal long Bytes
    {
        get
        {
            long bytes = _payload.Length;
            foreach (var frame in _details.LeadingFrames) bytes += FrameOverhead + frame.Length;
            return bytes;
        }
    }

    /// <summary>The payload where it was given as bytes; of a tree nothing.</summary>
    internal ReadOnlyMemory<byte> AsGiven => _payload;

    /// <summary>What all messages share that are nothing but a payload, of the same format and peer; null where there is more to it.</summary>
    internal MessageDetails? PlainDetails => _details.ArePlain ? _details : null;

    internal bool TryFindField(FieldPath path, out JsonSlice slice)
    {
        slice = default;
        return Format == MessageFormat.Json && JsonField.TryFind(Payload.Span, path, out slice);
    }
}
