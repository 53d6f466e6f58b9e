using MessageRouter.Ledger;
using MessageRouter.Mailboxes;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Mailboxes;

public class EdgeTests
{
    private readonly BoundedMailbox _mailbox = new(4, long.MaxValue, new ComponentCounts());
    private readonly List<bool> _blocked = [];
    private readonly Edge _edge;

    public EdgeTests() => _edge = new Edge("a", _mailbox, Overflow.Wait) { Blocked = _blocked.Add };

    [Fact]
    public void Keeps_what_the_mailbox_has_no_room_for_and_drops_nothing()
    {
        Assert.True(_edge.Send(Some.Batch(1, 4)));
        Assert.False(_edge.Send(Some.Batch(5, 2)));
        Assert.False(_edge.Send(Some.Batch(7, 1)));

        Assert.Equal(3, _edge.Waiting.Value);
        Assert.Equal([true], _blocked);
        Assert.Empty(_edge.Dropped.Snapshot());
    }

    [Fact]
    public void Sends_what_it_kept_in_order_when_the_mailbox_is_half_empty()
    {
        for (var n = 1; n <= 9; n++) _edge.Send(Some.Batch(n, 1));

        Assert.Equal(Some.Text(1), Take());
        Assert.Equal(5, _edge.Waiting.Value);
        Assert.Equal(Some.Text(2), Take());
        Assert.Equal(3, _edge.Waiting.Value);
        Assert.Equal([true], _blocked);

        for (var n = 3; n <= 9; n++) Assert.Equal(Some.Text(n), Take());
        Assert.Equal(0, _edge.Waiting.Value);
        Assert.Equal([true, false], _blocked);
        Assert.True(_edge.Send(Some.Batch(10, 1)));
    }

    [Fact]
    public void Passes_a_batch_larger_than_the_mailbox_on_in_parts()
    {
        _edge.Send(Some.Batch(1, 10));

        var sizes = new List<int>();
        while (_mailbox.TryDequeue(out var envelope)) sizes.Add(((Delivery)envelope.Message).Batch.Count);

        Assert.Equal([4, 4, 2], sizes);
    }

    [Fact]
    public void Of_a_sender_that_goes_on_it_keeps_no_more_once_it_keeps_what_the_mailbox_has_places_for()
    {
        Assert.False(_edge.Send(Some.Batch(1, 7), unpaused: true));
        Assert.False(_edge.Send(Some.Batch(8, 3), unpaused: true));
        Assert.False(_edge.Send(Some.Batch(11, 5), unpaused: true));

        Assert.Equal((6, 15, 5), (_edge.Waiting.Value, _edge.Offered.Value, _edge.Dropped[DropReasons.MailboxFull]));
        Assert.False(_edge.Send(Some.Batch(16, 1)));
        Assert.Equal(7, _edge.Waiting.Value);
        Assert.Equal([true], _blocked);
    }

    [Fact]
    public void Counts_what_it_refuses_as_offered_and_dropped()
    {
        _edge.Refuse(DropReasons.RateLimited, 2);

        Assert.Equal(2, _edge.Offered.Value);
        Assert.Equal(2, _mailbox.Counts.In.Value);
        Assert.Equal(2, _mailbox.Counts.Dropped[DropReasons.RateLimited]);
    }

    private string Take() =>
        _mailbox.TryDequeue(out var envelope) ? ((Delivery)envelope.Message).Batch.Single().ToString() : "nothing";
}
