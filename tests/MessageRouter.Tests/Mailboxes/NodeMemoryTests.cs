using MessageRouter.Mailboxes;

namespace MessageRouter.Tests.Mailboxes;

public class NodeMemoryTests
{
    private readonly NodeMemory _memory = new(limit: 800);

    [Fact]
    public void Is_full_above_its_limit_and_has_room_again_when_an_eighth_of_it_is_free()
    {
        _memory.Add(0, 800);
        Assert.False(_memory.IsFull);
        _memory.Add(0, 1);
        Assert.True(_memory.IsFull);
        _memory.Add(0, -100);
        Assert.True(_memory.IsFull);
        _memory.Add(0, -1);
        Assert.False(_memory.IsFull);
    }

    [Fact]
    public void Counts_what_messages_take_beside_their_bytes()
    {
        _memory.Add(2, 10);

        Assert.Equal(10 + 2 * NodeMemory.Overhead, _memory.Waiting);
    }

    [Fact]
    public void Without_a_limit_it_is_never_full()
    {
        var memory = new NodeMemory();

        memory.Add(1, long.MaxValue / 2);

        Assert.False(memory.IsFull);
    }

    [Fact]
    public async Task Calls_who_waits_for_room_once_there_is_some_and_at_once_where_there_is()
    {
        var called = new TaskCompletionSource();
        _memory.Add(0, 900);
        _memory.CallWhenRoom(called.SetResult);
        Assert.False(called.Task.IsCompleted);

        _memory.Add(0, -900);
        await called.Task;

        var again = new TaskCompletionSource();
        _memory.CallWhenRoom(again.SetResult);
        await again.Task;
    }

    [Fact]
    public async Task Threads_that_add_and_take_off_at_the_same_time_leave_it_as_the_amount_says()
    {
        var memory = new NodeMemory(limit: 100);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                memory.Add(0, 60);
                memory.Add(0, -60);
            }
        })));

        Assert.Equal((0, false), (memory.Waiting, memory.IsFull));
    }
}
