using System.Buffers.Binary;
using System.Text;
using MessageRouter.Zmtp;

namespace MessageRouter.Links;

/// <summary>What a sender tells a receiver of what it has sent and what it has not, as a command between messages; see PROTOCOL.md.</summary>
internal sealed record Tally
{
    /// <summary>Connections of an account at the same time, and reasons.</summary>
    public const int MostOpen = 64;

    /// <inheritdoc cref="MostOpen"/>
    public const int MostReasons = 16;

    private const byte Version = 1;
    private const int LongestReason = 64;

    /// <summary>The largest number that is believed: three years at ten million a second. So many can be added up without an overflow.</summary>
    internal const long MostMessages = 1L << 50;

    private static ReadOnlySpan<byte> Name => "MRLOSS"u8;

    /// <summary>It is the first word on its connection.</summary>
    public bool Begins { get; init; }

    /// <summary>It is the last one: no message follows on its connection.</summary>
    public bool IsLast { get; init; }

    /// <summary>There was a time in which the receiver was away and nobody counted what it missed.</summary>
    public bool IsUncounted { get; init; }

    /// <summary>The number of the account that the sender keeps of the receiver.</summary>
    public long Account { get; init; }

    /// <summary>The number of this tally in the account.</summary>
    public long Serial { get; init; }

    /// <summary>The number of the connection in the account.</summary>
    public long Connection { get; init; }

    /// <summary>Messages that stand before this word on its connection.</summary>
    public long Position { get; init; }

    /// <summary>Messages that were written to those connections of the account that have ended.</summary>
    public long Ended { get; init; }

    /// <summary>Messages that were published before the receiver first subscribed.</summary>
    public long BeforeSubscribe { get; init; }

    /// <summary>The connections of the account that have not ended.</summary>
    public IReadOnlyList<long> Open { get; init; } = [];

    /// <summary>Messages that were for the receiver and were not sent to it, by reason.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Dropped { get; init; } = [];

    /// <summary>The command as a frame.</summary>
    public byte[] ToFrame()
    {
        var body = new List<byte>(128) { (byte)Name.Length };
        body.AddRange(Name);
        body.Add(Version);
        body.Add((byte)((Begins ? 1 : 0) | (IsLast ? 2 : 0) | (IsUncounted ? 4 : 0)));
        foreach (var number in (ReadOnlySpan<long>)[Account, Serial, Connection, Position, Ended, BeforeSubscribe]) Add(body, number);
        body.Add((byte)Open.Count);
        foreach (var connection in Open) Add(body, connection);
        body.Add((byte)Dropped.Count);
        foreach (var (reason, count) in Dropped)
        {
            body.Add((byte)reason.Length);
            body.AddRange(Encoding.ASCII.GetBytes(reason));
            Add(body, count);
        }
        return Command.Frame(body.ToArray());
    }

    /// <summary>Whether a command is one of these, well-formed or not, of whatever version.</summary>
    public static bool Is(ReadOnlySpan<byte> body) => Command.Is(body, Name, out _);

    /// <summary>Reads a command's body.</summary>
    /// <returns>Null where it is none, or malformed.</returns>
    public static Tally? Read(ReadOnlySpan<byte> body)
    {
        if (!Command.Is(body, Name, out var rest) || rest.Length < 2 || rest[0] != Version) return null;
        var reader = new Reader(rest[2..]);
        var flags = rest[1];
        var tally = new Tally
        {
            Begins = (flags & 1) != 0,
            IsLast = (flags & 2) != 0,
            IsUncounted = (flags & 4) != 0,
            Account = reader.Number(),
            Serial = reader.Number(),
            Connection = reader.Number(),
            Position = reader.Number(),
            Ended = reader.Number(),
            BeforeSubscribe = reader.Number(),
        };
        var open = new long[reader.Count(MostOpen)];
        for (var i = 0; i < open.Length; i++) open[i] = reader.Number();
        var dropped = new KeyValuePair<string, long>[reader.Count(MostReasons)];
        for (var i = 0; i < dropped.Length; i++) dropped[i] = new(reader.Reason(), reader.Number());
        return reader.IsAtEnd ? tally with { Open = open, Dropped = dropped } : null;
    }

    private static void Add(List<byte> body, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        body.AddRange(bytes);
    }

    /// <summary>Takes one field after the other; what is not there reads as nothing, and is known at the end.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;
        private bool _isWrong;

        public readonly bool IsAtEnd => !_isWrong && _rest.IsEmpty;

        public long Number()
        {
            var bytes = Take(sizeof(long));
            if (bytes.IsEmpty) return 0;
            var number = BinaryPrimitives.ReadInt64BigEndian(bytes);
            _isWrong |= number is < 0 or > MostMessages;
            return number;
        }

        public int Count(int most)
        {
            var bytes = Take(1);
            if (!bytes.IsEmpty && bytes[0] <= most) return bytes[0];
            _isWrong = true;
            return 0;
        }

        public string Reason()
        {
            var length = Count(LongestReason);
            var text = Encoding.ASCII.GetString(Take(length));
            _isWrong |= length == 0 || !text.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-');
            return text;
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > _rest.Length)
            {
                _isWrong = true;
                _rest = default;
            }
            if (_isWrong) return default;
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
