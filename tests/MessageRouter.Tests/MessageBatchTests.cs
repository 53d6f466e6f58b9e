using System.Text;
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
    public void What_is_trimmed_has_the_same_payloads_and_no_others()
    {
        var trimmed = Payloads("a", "b", "c", "d").Slice(2, 1).Trimmed();

        Assert.Equal("c", Assert.Single(trimmed).ToString());
        Assert.Equal("c", Encoding.UTF8.GetString(trimmed.PayloadAt(0)));
    }

    [Fact]
    public void Messages_that_were_asked_for_stay_the_same_when_their_batch_is_trimmed()
    {
        var slice = Payloads("a", "b", "c", "d").Slice(2, 1);
        var asked = slice[0];

        Assert.Same(asked, slice.Trimmed()[0]);
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
        var received = new ReceivedMessages(MessageFormat.Bytes);
        received.Add(new byte[] { 1 }, []);
        received.Add(new byte[] { 2 }, [new byte[] { 20 }]);
        received.Add(new byte[] { 3 }, []);
        var batch = received.Take();

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
        var received = new ReceivedMessages(MessageFormat.Bytes);
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
            return received.Take();
        }
    }

    private static MessageBatch Payloads(params string[] texts)
    {
        var payloads = new PlainMessages.Builder();
        foreach (var text in texts) payloads.Add(Encoding.UTF8.GetBytes(text));
        return MessageBatch.Of(payloads.Take(MessageFormat.Text));
    }
}
