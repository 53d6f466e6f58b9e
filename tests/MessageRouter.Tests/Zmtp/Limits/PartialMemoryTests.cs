using System.Net;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp.Limits;

/// <summary>Who has room for messages of which only a part has come, and who gives way.</summary>
public class PartialMemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly PartialMemory _memory = new(100);

    [Fact]
    public async Task Who_has_stopped_in_the_middle_gives_way_to_who_waits()
    {
        var (stopped, goesOn, honest) = (Holder("10.0.0.1", 60), Holder("10.0.0.1", 30), Holder("10.0.0.2", 0));
        stopped.Silence = PartialMemory.Step;

        var waiting = WaitAsync(honest, 50);
        _clock.Advance(PartialMemory.Step);

        Assert.True(await waiting.WaitAsync(TestNode.Patience));
        Assert.Equal((true, false, false), (stopped.HasGivenWay, goesOn.HasGivenWay, honest.HasGivenWay));
    }

    [Fact]
    public async Task Who_waits_is_not_taken_to_have_stopped()
    {
        var (one, other) = (Holder("10.0.0.1", 50), Holder("10.0.0.2", 50));
        one.Silence = other.Silence = Patience;
        var first = WaitAsync(one, 40);
        var second = WaitAsync(other, 40);

        _clock.Advance(PartialMemory.Step);
        await Eventually.IsTrueAsync(() => one.Asked > 0 && other.Asked > 0);

        Assert.Equal((false, false), (one.HasGivenWay, other.HasGivenWay));
        await ReleaseAsync(one, first);
        await ReleaseAsync(other, second);
    }

    [Fact]
    public async Task After_a_while_the_largest_of_the_address_that_has_most_gives_way_though_it_goes_on()
    {
        var (large, small, alone, honest) = (Holder("10.0.0.1", 40), Holder("10.0.0.1", 15), Holder("10.0.0.2", 45), Holder("10.0.0.3", 0));

        var waiting = WaitAsync(honest, 30);
        await PassAsync(waiting);

        Assert.True(await waiting.WaitAsync(TestNode.Patience));
        Assert.Equal((true, false, false), (large.HasGivenWay, small.HasGivenWay, alone.HasGivenWay));
    }

    [Fact]
    public async Task Who_has_most_of_all_and_waits_is_the_one_to_give_way()
    {
        var (large, other) = (Holder("10.0.0.1", 60), Holder("10.0.0.2", 40));

        var waiting = WaitAsync(large, 30);
        await PassAsync(waiting);

        Assert.False(await waiting.WaitAsync(TestNode.Patience));
        Assert.False(other.HasGivenWay);
        Assert.False(_memory.IsWanted);
    }

    [Fact]
    public async Task What_is_given_back_goes_first_to_the_address_that_has_least()
    {
        var (holder, greedy, honest) = (Holder("10.0.0.1", 60), Holder("10.0.0.2", 40), Holder("10.0.0.3", 0));
        var later = WaitAsync(greedy, 50);
        var first = WaitAsync(honest, 50);

        holder.Share.Give(60);

        Assert.True(await first.WaitAsync(TestNode.Patience));
        Assert.False(later.IsCompleted);
        await ReleaseAsync(greedy, later);
    }

    [Fact]
    public async Task Who_ends_while_it_waits_leaves_nothing_taken()
    {
        var (holder, other) = (Holder("10.0.0.1", 100), Holder("10.0.0.2", 0));
        var waiting = WaitAsync(other, 50);

        await ReleaseAsync(other, waiting);
        holder.Share.Give(100);

        Assert.Equal((0, false), (_memory.Taken, _memory.IsWanted));
    }

    private Task<bool> WaitAsync(Owner owner, long bytes) => owner.Share.TakeAsync(bytes, owner.Share.Held, Patience, _clock, owner.End.Token);

    /// <summary>Lets the patience pass, as often as it is looked at.</summary>
    private Task PassAsync(Task<bool> waiting) => Eventually.IsTrueAsync(() => waiting.IsCompleted, _clock, PartialMemory.Step);

    private static async Task ReleaseAsync(Owner owner, Task<bool> waiting)
    {
        await owner.End.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Owner Holder(string address, long bytes)
    {
        var owner = new Owner(IPAddress.Parse(address));
        owner.Share = _memory.Share(owner);
        Assert.True(bytes == 0 || owner.Share.TryTake(bytes, 0));
        return owner;
    }

    private sealed class Owner(IPAddress address) : IPartialOwner
    {
        private TimeSpan _silence;

        public PartialShare Share { get; set; } = null!;

        public CancellationTokenSource End { get; } = new();

        public bool HasGivenWay { get; private set; }

        /// <summary>How often it was looked at.</summary>
        public int Asked { get; private set; }

        public IPAddress Address => address;

        public TimeSpan Silence
        {
            get
            {
                Asked++;
                return _silence;
            }
            set => _silence = value;
        }

        public void GiveWay()
        {
            HasGivenWay = true;
            Share.Give(Share.Held);
        }
    }
}
