using System.Text;
using CsCheck;
using MessageRouter.Components;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;

namespace MessageRouter.Tests.Components;

public class PassedMessagesTests
{
    /// <summary>What a filter can do with a message, and what that is when it is done one by one.</summary>
    private enum Deed
    {
        Keep,
        End,
        Leave,
        Edit,
        Replace,
        ReplaceByText,
    }

    [Fact]
    public void A_batch_of_which_everything_passes_goes_on_itself_as_far_as_it_was_looked_at()
    {
        var passed = new PassedMessages();
        var batch = Payloads(4);
        passed.Begin(batch);
        for (var i = 0; i < 4; i++) passed.Keep();
        Assert.Same(batch, passed.Take());

        passed.Begin(batch);
        passed.Keep();
        Assert.Same(batch[0], Assert.Single(passed.Take()));
    }

    [Fact]
    public void What_is_left_and_edited_of_payloads_is_only_payloads()
    {
        var passed = new PassedMessages();
        passed.Begin(Payloads(3));
        passed.Keep();
        passed.End();
        passed.Replace(Encoding.UTF8.GetBytes("edited"));

        var taken = passed.Take();

        Assert.Equal(MessageFormat.Json, taken.PlainFormat);
        Assert.Equal(["0", "edited"], taken.Select(message => message.ToString()));
        Assert.Equal(1, passed.Filtered);
    }

    [Fact]
    public void Has_the_same_messages_in_the_same_order_as_if_they_were_gathered_one_by_one()
    {
        Gen.Select(Gen.Enum<Deed>().Array[0, 12], Gen.Bool).Sample((deeds, arePayloads) =>
        {
            var passed = new PassedMessages();
            passed.Begin(Payloads(3));
            passed.End();
            var batch = arePayloads ? Payloads(deeds.Length) : Messages(deeds.Length);
            var expected = new List<(string, MessageFormat)>();
            passed.Begin(batch);
            for (var i = 0; i < deeds.Length; i++)
            {
                Assert.Equal(i, passed.Next);
                switch (deeds[i])
                {
                    case Deed.Keep:
                        passed.Keep();
                        expected.Add(($"{i}", MessageFormat.Json));
                        break;
                    case Deed.End:
                        passed.End();
                        break;
                    case Deed.Leave:
                        passed.Leave();
                        break;
                    case Deed.Edit when arePayloads:
                        passed.Replace(Encoding.UTF8.GetBytes($"edited {i}"));
                        expected.Add(($"edited {i}", MessageFormat.Json));
                        break;
                    case Deed.ReplaceByText:
                        passed.Replace(Message.FromText($"text {i}"), batch.MessageAt(i));
                        expected.Add(($"text {i}", MessageFormat.Text));
                        break;
                    default:
                        passed.Replace(Message.FromJson($"[{i}]"), batch.MessageAt(i));
                        expected.Add(($"[{i}]", MessageFormat.Json));
                        break;
                }
            }

            var taken = passed.Take();

            Assert.Equal(expected, taken.Select(message => (message.ToString(), message.Format)));
            Assert.Equal(deeds.Count(deed => deed == Deed.End), passed.Filtered);
            if (arePayloads && !deeds.Contains(Deed.ReplaceByText)) Assert.Equal(MessageFormat.Json, taken.PlainFormat);
        });
    }

    [Fact]
    public void A_receipt_goes_with_what_takes_the_place_of_its_message_or_is_settled()
    {
        var receipts = Enumerable.Range(0, 3).Select(_ => new ProbeReceipt()).ToArray();
        var batch = MessageBatch.Of(receipts.Select(receipt => new Message("{}"u8.ToArray(), MessageFormat.Json, null, receipt)));
        var passed = new PassedMessages();
        passed.Begin(batch);
        passed.Replace(Message.FromText("x"), batch[0]);
        passed.End();
        passed.Keep();

        Assert.Equal([receipts[0], receipts[2]], passed.Take().Select(message => message.Receipt));
        Assert.Equal([0, 1, 0], receipts.Select(receipt => receipt.Times));
        Assert.Equal(Fate.Done, receipts[1].Fate);
    }

    private static MessageBatch Messages(int count) => MessageBatch.Of(Enumerable.Range(0, count).Select(n => Message.FromJson($"{n}")));

    private static MessageBatch Payloads(int count)
    {
        var payloads = new Payloads.Builder();
        for (var n = 0; n < count; n++) payloads.Add(Encoding.UTF8.GetBytes($"{n}"));
        return MessageBatch.Of(payloads.Take(), MessageFormat.Json);
    }
}
