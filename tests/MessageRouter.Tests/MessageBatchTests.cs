using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Tests.Zmtp;
using MessageRouter.Zmtp;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Tests;

public class MessageBatchTests
{
    [Fact]
    public void Messages_of_payloads_are_the_same_ones_for_all_who_ask_and_in_every_slice()
    {
        var batch = Payloads("a", "b", "c", "d");
        var slice = batch.Slice(1, 2);

        Assert.Equal(["b", "c"], slice.Select(message => message.ToString()));
        Assert.Same(batch[1], slice[0]);
        Assert.Same(slice[1], batch.Skip(2)[0]);
        Assert.Equal("c", Encoding.UTF8.GetString(slice.PayloadAt(1)));
        Assert.Equal(MessageFormat.Text, slice[0].Format);
    }

    [Fact]
    public void Only_trees_are_replaced_when_they_are_written_and_frames_stay()
    {
        var bytes = Message.FromJson("1");
        var multipart = new Message(default, MessageFormat.Bytes, [new byte[] { 7 }]).WithBody(new JArray(1, 2));
        var batch = MessageBatch.Of(bytes, Message.FromBody(new JObject { ["a"] = 1 }), multipart);
        var written = batch.Written();

        Assert.Same(bytes, written[0]);
        Assert.Equal(["1", """{"a":1}""", "[1,2]"], written.Select(message => message.ToString()));
        Assert.Equal([7], Assert.Single(written[2].LeadingFrames).ToArray());
        Assert.Same(written, written.Written());
        Assert.NotSame(batch, written);
    }

    [Fact]
    public void Messages_of_several_frames_keep_their_places_among_plain_ones()
    {
        var received = new ReceivedMessages();
        received.Add(new byte[] { 1 }, []);
        received.Add(new byte[] { 2 }, [new byte[] { 20 }]);
        received.Add(new byte[] { 3 }, []);
        var batch = MessageBatch.Of(received.Take(), MessageFormat.Bytes);

        Assert.Equal([1, 2, 3], batch.Select(message => message.Payload.Span[0]));
        Assert.Equal([0, 1, 0], batch.Select(message => message.LeadingFrames.Count));
        Assert.Equal(20, batch.LeadingFramesAt(1)[0].Span[0]);
        Assert.Equal(0, received.Count);
    }

    [Fact]
    public void A_message_that_only_passes_costs_its_bytes_and_at_most_24_more()
    {
        const int size = 100;
        const int count = 512;
        var stream = Enumerable.Range(0, count).SelectMany(_ => RawPeer.Frame(new byte[size])).ToArray();
        var reader = new FrameReader(stream.Length, 1 << 20, takesMessages: true);
        var received = new ReceivedMessages();
        Receive();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var batch = Receive();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, size * count, (size + 24) * count);
        Assert.Equal(count, batch.Count);

        MessageBatch Receive()
        {
            for (var at = 0; at < stream.Length;)
            {
                var piece = Math.Min(stream.Length - at, reader.Space.Length);
                stream.AsSpan(at, piece).CopyTo(reader.Space.Span);
                reader.Arrived(piece);
                at += piece;
                while (reader.Next() == FrameReader.Found.Message) received.Add(reader.Payload, reader.LeadingFrames);
            }
            return MessageBatch.Of(received.Take(), MessageFormat.Bytes);
        }
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(17, 1)]
    [InlineData(3, 100)]
    [InlineData(0, 400)]
    public void What_is_compacted_has_the_same_messages_and_at_most_twice_their_bytes(int start, int count)
    {
        var batch = Received.Batch(400, 100).Slice(start, count);
        var some = MessageBatch.Of(batch.Where((_, index) => index % 40 == 0));

        foreach (var compacted in new[] { batch.Compacted(), some.Compacted() })
        {
            Assert.InRange(Chunks.BytesOf(compacted), compacted.Bytes, 2 * compacted.Bytes);
            Assert.InRange(compacted.Footprint, compacted.Bytes, 2 * compacted.Bytes);
        }
        Assert.Equal(Texts(batch), Texts(batch.Compacted()));
        Assert.Equal(Texts(some), Texts(some.Compacted()));
    }

    [Fact]
    public void What_is_compacted_keeps_formats_frames_receipts_and_messages_that_are_large()
    {
        var received = Received.Batch(100, 100);
        var receipt = new ProbeReceipt();
        var framed = new Message(new byte[3000], MessageFormat.Bytes, [new byte[] { 7 }]);
        var compacted = MessageBatch.Of(received[0].With(receipt), framed, received[50].WithPayload(received[50].Payload, MessageFormat.Text)).Compacted();

        Assert.Same(receipt, compacted[0].Receipt);
        Assert.Same(framed, compacted[1]);
        Assert.Equal([MessageFormat.Json, MessageFormat.Bytes, MessageFormat.Text], compacted.Select(message => message.Format));
        Assert.Equal(3000 + 1 + 200, Chunks.BytesOf(compacted));
    }

    [Fact]
    public void Nothing_is_copied_where_messages_have_most_of_their_memory()
    {
        var batch = Received.Batch(400, 100);

        Assert.Same(batch, batch.Compacted());
    }

    [Fact]
    public void Its_bytes_are_those_of_payloads_and_frames_in_every_slice()
    {
        var plain = Payloads("a", "bcd", "", "ef");
        var mixed = MessageBatch.Of(new Message(new byte[5], MessageFormat.Bytes, [new byte[2], new byte[3]]), Message.FromText("xy"));

        Assert.Equal((6, 3, 5), (plain.Bytes, plain.Slice(1, 2).Bytes, plain.Skip(1).Bytes));
        Assert.Equal((12 + 2 * Message.FrameOverhead, 2), (mixed.Bytes, mixed.Skip(1).Bytes));
        Assert.Equal(4, plain.Every(0, 2, 2).Bytes + plain.Every(1, 2, 1).Bytes);
        Assert.Equal((3, 1, 0), (plain.Fitting(4, 5), plain.Fitting(4, 3), plain.Fitting(4, 0)));
    }

    private static IEnumerable<string> Texts(MessageBatch batch) => batch.Select(message => message.ToString());

    private static MessageBatch Payloads(params string[] texts)
    {
        var payloads = new Payloads.Builder();
        foreach (var text in texts) payloads.Add(Encoding.UTF8.GetBytes(text));
        return MessageBatch.Of(payloads.Take(), MessageFormat.Text);
    }
}
