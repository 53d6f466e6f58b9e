using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Zmtp;

/// <summary>Messages that are taken from a connection in runs, and given to another one in runs.</summary>
public class MessageRunTests
{
    private const int Capacity = 64 << 10;

    /// <summary>Sizes around every limit: of a short header, of what shares memory, of that memory and of what is read at once.</summary>
    private static readonly int[] Sizes =
        [0, 1, 2, 254, 255, 256, 257, 1014, 1015, 1016, 1023, 1024, 1025, 4085, 4087, 4096, 4097, .. Enumerable.Repeat(100, 700), 65_000, 3, 66_000, 70_000, 5];

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(4096)]
    [InlineData(Capacity)]
    public void Are_the_same_as_taken_one_by_one(int piece)
    {
        byte[] stream =
        [
            .. Sizes.SelectMany(Frame), .. RawPeer.Frame([1], more: true), .. Frame(40), .. RawPeer.Command("PING", [0, 1]),
            .. Frame(30), .. RawPeer.LongHeader(3), 1, 2, 3, .. Sizes.Reverse().SelectMany(Frame),
        ];

        Assert.Equal(Read(stream, piece, inRuns: false).SelectMany(batch => batch).Select(Frames), Read(stream, piece, inRuns: true).SelectMany(batch => batch).Select(Frames));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(Capacity)]
    public void Never_take_a_frame_out_of_a_message_of_several_empty_ones_or_not(int piece)
    {
        var random = new Random(piece);
        int[] sizes = [0, 0, 1, 5, 256];
        var messages = Enumerable.Range(0, 500).Select(_ => Enumerable.Range(0, random.Next(1, 5)).Select(_ => new byte[sizes[random.Next(sizes.Length)]]).ToArray()).ToList();
        byte[] stream = [.. messages.SelectMany(message => message.SelectMany((frame, i) => RawPeer.Frame(frame, more: i < message.Length - 1)))];

        Assert.Equal(messages, Read(stream, piece, inRuns: true).SelectMany(batch => batch).Select(Frames));
    }

    [Fact]
    public void Keep_no_more_memory_than_neighbours_take_that_came_with_them()
    {
        var batch = Assert.Single(Read([.. Enumerable.Repeat(100, 500).SelectMany(Frame)], Capacity, inRuns: true));

        Assert.True(batch.ToWire().TryGetPayloads(out var payloads, out _));
        foreach (var place in payloads.Places) Assert.InRange(payloads.Chunk(place).Length, 100, 4096);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(Capacity)]
    public void Are_written_as_they_came(int piece)
    {
        byte[] stream = [.. Sizes.Where(size => size < 60_000).SelectMany(Frame)];

        Assert.Equal(stream, Written(Read(stream, piece, inRuns: true)));
        Assert.Equal(stream, Written(Read(stream, piece, inRuns: false)));
    }

    [Fact]
    public void Are_written_with_what_is_between_them_left_out()
    {
        var batch = Assert.Single(Read([.. Enumerable.Range(0, 300).SelectMany(Frame)], Capacity, inRuns: true));

        Assert.Equal(Enumerable.Range(0, 100).SelectMany(i => Frame(1 + 3 * i)), Written([batch.Every(1, 3, 100)]));
        Assert.Equal(Enumerable.Range(7, 20).SelectMany(Frame), Written([batch.Slice(7, 20)]));
        Assert.Equal([.. Frame(5), .. Frame(200)], Written([batch.Slice(5, 1), batch.Slice(200, 1)]));
    }

    [Fact]
    public void Of_other_origin_are_written_with_headers_of_their_own()
    {
        var lines = new Payloads.Builder();
        var memory = "one\ntwo\n\u0000\u0005three"u8.ToArray();
        lines.Add(memory, 0, 3);
        lines.Add(memory, 4, 3);
        lines.Add(memory, 10, 5);
        lines.Add(memory, 10, 3);

        Assert.Equal(
            [.. RawPeer.Frame([.. "one"u8]), .. RawPeer.Frame([.. "two"u8]), .. RawPeer.Frame([.. "three"u8]), .. RawPeer.Frame([.. "thr"u8])],
            Written([MessageBatch.Of(lines.Take(), MessageFormat.Text)]));
    }

    [Fact]
    public void Are_counted_message_by_message_when_they_are_written()
    {
        var buffer = new SendBuffer();
        buffer.Rent();
        buffer.Add(Assert.Single(Read([.. Enumerable.Repeat(10, 50).SelectMany(Frame)], Capacity, inRuns: true)).ToWire(), 0);

        Assert.Equal(12, buffer.Log.RestOfMessage);
        Assert.Equal(0, buffer.Log.Taken(11));
        Assert.Equal(25, buffer.Log.Taken(1 + 24 * 12));
        Assert.Equal(25, buffer.Log.Taken(25 * 12));
    }

    private static byte[] Frame(int size) => RawPeer.Frame([.. Enumerable.Range(0, size).Select(i => (byte)(i + size))]);

    private static byte[][] Frames(Message message) => [.. message.LeadingFrames.Append(message.Payload).Select(frame => frame.ToArray())];

    private static List<MessageBatch> Read(byte[] stream, int piece, bool inRuns)
    {
        const int most = 512;
        var reader = new FrameReader(Capacity, 1 << 20, takesMessages: true);
        var batches = new List<MessageBatch>();
        var messages = new ReceivedMessages();
        for (var at = 0; at < stream.Length;)
        {
            var count = Math.Min(Math.Min(piece, stream.Length - at), reader.Space.Length);
            stream.AsSpan(at, count).CopyTo(reader.Space.Span);
            reader.Arrived(count);
            at += count;
            while (true)
            {
                if (inRuns) reader.TakeRuns(messages, most);
                if (messages.Count >= most) batches.Add(MessageBatch.Of(messages.Take(), MessageFormat.Bytes));
                var found = reader.Next();
                if (found == FrameReader.Found.Nothing) break;
                if (found == FrameReader.Found.Message) messages.Add(reader.Payload, reader.LeadingFrames);
            }
        }
        batches.Add(MessageBatch.Of(messages.Take(), MessageFormat.Bytes));
        return batches;
    }

    private static List<byte> Written(IEnumerable<MessageBatch> batches)
    {
        var buffer = new SendBuffer();
        buffer.Rent();
        var written = new List<byte>();
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Count;)
            {
                i += buffer.Add(batch.ToWire(), i);
                written.AddRange(buffer.Bytes.Span);
                buffer.Clear();
            }
        }
        return written;
    }
}
