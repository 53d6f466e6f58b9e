using Akka.Actor;
using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Mailboxes;

public class BoundedMailboxTests
{
    private readonly BoundedMailbox _mailbox = new(4, long.MaxValue, new ComponentCounts());

    [Fact]
    public void Is_bounded_by_messages_and_not_by_batches()
    {
        var edge = new Edge("a", _mailbox, Overflow.DropNewest);

        for (var n = 1; n <= 4; n++) edge.Send(Some.Batch(n, 1));
        edge.Send(Some.Batch(5, 1));

        Assert.Equal(4, _mailbox.Queued);
        Assert.Equal(1, edge.Dropped[DropReasons.MailboxFull]);
        Assert.Equal(Some.Texts(1, 4), TakeAll());
    }

    [Fact]
    public void Drops_the_newest_of_a_batch_that_does_not_fit()
    {
        var edge = new Edge("a", _mailbox, Overflow.DropNewest);

        edge.Send(Some.Batch(1, 3));
        Assert.True(edge.Send(Some.Batch(4, 3)));

        Assert.Equal(Some.Texts(1, 4), TakeAll());
        Assert.Equal(2, _mailbox.Counts.Dropped[DropReasons.MailboxFull]);
        Assert.Equal(6, edge.Offered.Value);
        Assert.Equal(6, _mailbox.Counts.In.Value);
    }

    [Fact]
    public void Drops_the_oldest_and_counts_them_on_the_edge_they_came_over()
    {
        var first = new Edge("a", _mailbox, Overflow.DropOldest);
        var second = new Edge("b", _mailbox, Overflow.DropOldest);

        first.Send(Some.Batch(1, 3));
        second.Send(Some.Batch(4, 3));

        Assert.Equal(Some.Texts(3, 4), TakeAll());
        Assert.Equal(2, first.Dropped[DropReasons.Evicted]);
        Assert.Equal(0, second.Dropped[DropReasons.Evicted]);
    }

    [Fact]
    public void Keeps_the_newest_of_a_batch_larger_than_the_mailbox_when_the_oldest_are_dropped()
    {
        var edge = new Edge("a", _mailbox, Overflow.DropOldest);

        edge.Send(Some.Batch(1, 2));
        edge.Send(Some.Batch(3, 9));

        Assert.Equal(Some.Texts(8, 4), TakeAll());
        Assert.Equal(7, edge.Dropped[DropReasons.Evicted]);
    }

    [Fact]
    public void Hands_out_what_was_returned_before_everything_else_though_it_is_full()
    {
        var edge = new Edge("a", _mailbox, Overflow.DropNewest);
        edge.Send(Some.Batch(1, 3));
        var taken = Take()!;
        edge.Send(Some.Batch(4, 4));

        _mailbox.Return([taken.Skip(1)]);
        edge.Send(Some.Batch(8, 1));

        Assert.Equal(Some.Texts(2, 6), TakeAll());
        Assert.Equal(1, edge.Dropped[DropReasons.MailboxFull]);
    }

    [Fact]
    public void Hands_out_control_messages_first_and_drops_none_of_them()
    {
        new Edge("a", _mailbox, Overflow.DropNewest).Send(Some.Batch(1, 9));
        for (var i = 0; i < 100; i++) _mailbox.Enqueue(ActorRefs.Nobody, new Akka.Actor.Envelope(i, ActorRefs.NoSender));

        for (var i = 0; i < 100; i++)
        {
            Assert.True(_mailbox.TryDequeue(out var envelope));
            Assert.Equal(i, envelope.Message);
        }
        Assert.Equal(Some.Texts(1, 4), TakeAll());
    }

    [Fact]
    public void Holds_messages_back_as_long_as_one_reason_is_left_and_lets_control_messages_pass()
    {
        new Edge("a", _mailbox, Overflow.DropNewest).Send(Some.Batch(1, 1));
        _mailbox.Complete();
        _mailbox.Pause(PauseReasons.Busy);
        _mailbox.Pause(PauseReasons.Downstream);
        _mailbox.Enqueue(ActorRefs.Nobody, new Akka.Actor.Envelope("timer", ActorRefs.NoSender));

        _mailbox.Resume(PauseReasons.Busy);
        Assert.True(_mailbox.HasMessages);
        Assert.True(_mailbox.TryDequeue(out var control));
        Assert.Equal("timer", control.Message);
        Assert.False(_mailbox.HasMessages);
        Assert.Null(Take());

        _mailbox.Resume(PauseReasons.Downstream);
        Assert.Equal(Some.Texts(1, 1), TakeAll());
    }

    [Fact]
    public void A_component_that_is_busy_hears_that_there_are_no_more_messages_when_none_are_left()
    {
        new Edge("a", _mailbox, Overflow.DropNewest).Send(Some.Batch(1, 1));
        var taken = Take();
        _mailbox.Pause(PauseReasons.Busy);
        _mailbox.Complete();

        Assert.NotNull(taken);
        Assert.Same(EndOfMessages.Instance, Control());
        _mailbox.Return([taken]);
        Assert.False(_mailbox.HasMessages);
        _mailbox.Resume(PauseReasons.Busy);
        Assert.Equal(Some.Texts(1, 1), TakeAll());
    }

    [Fact]
    public void Says_after_the_last_message_that_it_was_the_last_and_says_so_again_when_messages_were_returned()
    {
        var edge = new Edge("a", _mailbox, Overflow.DropNewest);
        edge.Send(Some.Batch(1, 2));
        _mailbox.Complete();
        var taken = Take()!;

        Assert.Same(EndOfMessages.Instance, Control());
        Assert.False(_mailbox.HasMessages);
        _mailbox.Return([taken]);

        Assert.Equal(Some.Texts(1, 2), TakeAll());
        Assert.Same(EndOfMessages.Instance, Control());
        edge.Send(Some.Batch(3, 1));
        Assert.Equal(1, edge.Dropped[DropReasons.Stopped]);
    }

    [Fact]
    public void Counts_what_is_left_and_what_still_comes_when_its_actor_has_stopped()
    {
        var dropping = new Edge("a", _mailbox, Overflow.DropNewest);
        var waiting = new Edge("b", _mailbox, Overflow.Wait);
        dropping.Send(Some.Batch(1, 3));
        waiting.Send(Some.Batch(4, 3));
        _mailbox.ReasonWhenClosed = DropReasons.Shutdown;

        _mailbox.CleanUp(ActorRefs.Nobody, _mailbox);
        dropping.Send(Some.Batch(7, 2));
        Assert.True(waiting.Send(Some.Batch(9, 1)));

        Assert.Equal(5, dropping.Dropped[DropReasons.Shutdown]);
        Assert.Equal(4, waiting.Dropped[DropReasons.Shutdown]);
        Assert.Equal(0, waiting.Waiting.Value);
        Assert.Equal(0, _mailbox.Queued);
    }

    [Fact]
    public void Says_that_it_is_closed_only_when_all_that_is_left_is_counted()
    {
        var edge = new Edge("a", _mailbox, Overflow.Wait);
        edge.Send(Some.Batch(1, 7));
        long? counted = null;
        _mailbox.Closed = () => counted = edge.Dropped[DropReasons.Stopped];

        _mailbox.CleanUp(ActorRefs.Nobody, _mailbox);

        Assert.Equal(7, counted);
    }

    [Theory]
    [InlineData(Overflow.DropNewest, "1 2 3", DropReasons.MailboxFull)]
    [InlineData(Overflow.DropOldest, "3 4 5", DropReasons.Evicted)]
    [InlineData(Overflow.Wait, "1 2 3", null)]
    public void Is_bounded_in_bytes_too(Overflow overflow, string left, string? reason)
    {
        var mailbox = new BoundedMailbox(1000, 100, new ComponentCounts());
        var edge = new Edge("a", mailbox, overflow);

        edge.Send(Some.SizedBatch(1, 30, 30));
        edge.Send(Some.SizedBatch(3, 30, 30, 30));

        Assert.Equal((3, 90), (mailbox.Queued, mailbox.Bytes));
        Assert.Equal(reason is null ? 2 : 0, edge.Waiting.Value);
        if (reason is not null) Assert.Equal(2, edge.Dropped[reason]);
        Assert.Equal(left, Numbers(mailbox, 3));
    }

    [Theory]
    [InlineData(Overflow.DropNewest)]
    [InlineData(Overflow.DropOldest)]
    [InlineData(Overflow.Wait)]
    public void Takes_one_message_of_any_size_when_it_is_empty_and_no_other_beside_it(Overflow overflow)
    {
        var mailbox = new BoundedMailbox(1000, 100, new ComponentCounts());
        var edge = new Edge("a", mailbox, overflow);

        edge.Send(Some.SizedBatch(1, 5000));
        edge.Send(Some.SizedBatch(2, 20));

        Assert.Equal(overflow == Overflow.DropOldest ? (1, 20) : (1, 5000), (mailbox.Queued, mailbox.Bytes));
    }

    [Fact]
    public void Evicts_as_many_as_a_larger_message_needs()
    {
        var mailbox = new BoundedMailbox(1000, 100, new ComponentCounts());
        var edge = new Edge("a", mailbox, Overflow.DropOldest);

        edge.Send(Some.SizedBatch(1, 25, 25, 25, 25));
        edge.Send(Some.SizedBatch(5, 60));

        Assert.Equal("4 5", Numbers(mailbox, 2));
        Assert.Equal(3, edge.Dropped[DropReasons.Evicted]);
    }

    [Fact]
    public void Has_room_again_for_who_waits_when_half_of_its_bytes_are_free()
    {
        var mailbox = new BoundedMailbox(1000, 100, new ComponentCounts());
        var edge = new Edge("a", mailbox, Overflow.Wait);
        edge.Send(Some.SizedBatch(1, 30));
        edge.Send(Some.SizedBatch(2, 60));
        edge.Send(Some.SizedBatch(3, 20));

        Assert.Equal("1", Numbers(mailbox, 1));
        Assert.Equal(1, edge.Waiting.Value);
        Assert.Equal("2", Numbers(mailbox, 1));
        Assert.Equal((0, 1), (edge.Waiting.Value, mailbox.Queued));
    }

    [Fact]
    public void What_it_takes_of_a_batch_keeps_nothing_of_the_rest()
    {
        var mailbox = new BoundedMailbox(3, long.MaxValue, new ComponentCounts());
        var edge = new Edge("a", mailbox, Overflow.DropNewest);

        edge.Send(Received.Batch(400, 100));

        Assert.True(mailbox.TryDequeue(out var envelope));
        Assert.Equal(300, Chunks.BytesOf(((Delivery)envelope.Message).Batch));
    }

    private static string Numbers(BoundedMailbox mailbox, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count && mailbox.TryDequeue(out var envelope)) numbers.AddRange(((Delivery)envelope.Message).Batch.Select(message => (int)message["n"]!));
        return string.Join(' ', numbers);
    }

    private List<string> TakeAll()
    {
        var all = new List<string>();
        while (Take() is { } delivery) all.AddRange(delivery.Batch.Select(message => message.ToString()));
        return all;
    }

    private object? Control() => _mailbox.TryDequeue(out var envelope) ? envelope.Message : null;

    private Delivery? Take() => _mailbox.Queued > 0 && _mailbox.TryDequeue(out var envelope) ? (Delivery)envelope.Message : null;
}
