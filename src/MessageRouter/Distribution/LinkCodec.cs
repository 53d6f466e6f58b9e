using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using MessageRouter.Zmtp;

namespace MessageRouter.Distribution;

/// <summary>The words of an at-least-once link as bytes. Numbers are in network byte order.</summary>
internal static class LinkCodec
{
    /// <summary>Bytes that a worker may say at once: more than the longest of its words, DONE with 1000 tags, takes.</summary>
    public const int MaxAnswerSize = 16 << 10;

    private const byte Hello = 0x01;
    private const byte Done = 0x02;
    private const byte Failed = 0x03;
    private const byte Return = 0x04;
    private const byte Leaving = 0x05;
    private const byte WorkerPing = 0x06;
    private const byte Welcome = 0x81;
    private const byte Deliver = 0x82;
    private const byte DistributorPing = 0x86;
    private const byte Refused = 0x87;

    public static byte[] Write(LinkWord word) => word switch
    {
        LinkWord.Hello hello => new Writer(Hello, 5).Byte(hello.Speaks).Number(hello.Window).Text(hello.Name, LinkWord.LongestText),
        LinkWord.Done done => Tags(Done, done.Session, done.Tags),
        LinkWord.Failed failed => new Writer(Failed, 16).Number(failed.Session).Number(failed.Tag).Text(failed.Reason, LinkWord.LongestText),
        LinkWord.Return returned => Tags(Return, returned.Session, returned.Tags),
        LinkWord.Leaving => [Leaving],
        LinkWord.WorkerPing => [WorkerPing],
        LinkWord.Welcome welcome => new Writer(Welcome, 17).Byte(welcome.Speaks).Number(welcome.Session)
            .Number((uint)welcome.HeartbeatInterval.TotalMilliseconds).Number((uint)welcome.HeartbeatTimeout.TotalMilliseconds).Bytes,
        LinkWord.Deliver deliver => new Writer(Deliver, 20).Number(deliver.Session).Number(deliver.Tag).Number(deliver.Redeliveries)
            .Text(deliver.Id, LinkWord.LongestId),
        LinkWord.DistributorPing => [DistributorPing],
        LinkWord.Refused refused => new Writer(Refused, 0).Text(refused.Reason, LinkWord.LongestText),
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };

    /// <summary>A message that is nothing but this word.</summary>
    public static Message ToMessage(LinkWord word) => Message.FromBytes(Write(word));

    /// <summary>A delivery with the message that it is of.</summary>
    public static Message ToMessage(LinkWord.Deliver word, Message message) =>
        new(message.Payload, MessageFormat.Bytes, [Write(word), .. message.LeadingFrameArray]);

    /// <summary>Reads the word that a received message begins with; false where it is none, has the wrong length or the wrong number of frames.</summary>
    public static bool TryRead(Message received, [NotNullWhen(true)] out LinkWord? word)
    {
        var frames = received.LeadingFrameArray;
        word = Read(frames.Length == 0 ? received.Payload.Span : frames[0].Span);
        if (word is not null && word is LinkWord.Deliver != frames.Length > 0) word = null;
        return word is not null;
    }

    private static byte[] Tags(byte code, ulong session, ulong[] tags)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tags.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tags.Length, LinkWord.MostTags);
        var writer = new Writer(code, 8 + 8 * tags.Length).Number(session);
        foreach (var tag in tags) writer = writer.Number(tag);
        return writer.Bytes;
    }

    private static LinkWord? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty) return null;
        var body = frame[1..];
        return frame[0] switch
        {
            Hello when body.Length >= 5 && U32(body, 1) is > 0 and var window && TryText(body[5..], out var name) => new LinkWord.Hello(body[0], window, name),
            Done when TryTags(body, out var tags) => new LinkWord.Done(U64(body, 0), tags),
            Failed when body.Length >= 16 && TryText(body[16..], out var reason) => new LinkWord.Failed(U64(body, 0), U64(body, 8), reason),
            Return when TryTags(body, out var tags) => new LinkWord.Return(U64(body, 0), tags),
            Leaving when body.IsEmpty => new LinkWord.Leaving(),
            WorkerPing when body.IsEmpty => new LinkWord.WorkerPing(),
            Welcome when body.Length == 17 && U32(body, 9) is > 0 and var interval && U32(body, 13) is > 0 and var timeout =>
                new LinkWord.Welcome(body[0], U64(body, 1), TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(timeout)),
            Deliver when body.Length >= 20 && TryId(body[20..], out var id) => new LinkWord.Deliver(U64(body, 0), U64(body, 8), U32(body, 16), id),
            DistributorPing when body.IsEmpty => new LinkWord.DistributorPing(),
            Refused when TryText(body, out var reason) => new LinkWord.Refused(reason),
            _ => null,
        };
    }

    private static uint U32(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt32BigEndian(body[at..]);

    private static ulong U64(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt64BigEndian(body[at..]);

    private static bool TryTags(ReadOnlySpan<byte> body, out ulong[] tags)
    {
        tags = [];
        if (body.Length < 16 || body.Length % 8 != 0 || body.Length / 8 - 1 > LinkWord.MostTags) return false;
        tags = new ulong[body.Length / 8 - 1];
        for (var i = 0; i < tags.Length; i++) tags[i] = U64(body, 8 + 8 * i);
        return true;
    }

    /// <summary>Names and reasons are shown to people: what a terminal must not be given is replaced.</summary>
    private static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Length > LinkWord.LongestText) return false;
        text = SafeText.Of(Encoding.UTF8.GetString(bytes));
        return true;
    }

    private static bool TryId(ReadOnlySpan<byte> bytes, out string id)
    {
        id = "";
        if (bytes.Length is 0 or > LinkWord.LongestId || !Utf8.IsValid(bytes)) return false;
        id = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private ref struct Writer
    {
        private readonly byte[] _bytes;
        private int _length = 1;

        public Writer(byte code, int length)
        {
            _bytes = new byte[1 + length];
            _bytes[0] = code;
        }

        public readonly byte[] Bytes => _bytes;

        public Writer Byte(byte value)
        {
            _bytes[_length++] = value;
            return this;
        }

        public Writer Number(uint value)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_length), value);
            _length += 4;
            return this;
        }

        public Writer Number(ulong value)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(_length), value);
            _length += 8;
            return this;
        }

        /// <summary>Ends with a text, cut off between two characters where it is too long.</summary>
        public readonly byte[] Text(string text, int most)
        {
            var fits = Math.Min(text.Length, most);
            while (Encoding.UTF8.GetByteCount(text.AsSpan(0, fits)) > most || (fits < text.Length && char.IsHighSurrogate(text[fits - 1]))) fits--;
            return [.. _bytes, .. Encoding.UTF8.GetBytes(text, 0, fits)];
        }
    }
}
