using CsCheck;
using MessageRouter.Distribution;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Distribution;

public class BalancerTests
{
    private readonly FakeTimeProvider _clock = new();
    private long _number;

    [Theory]
    [InlineData(Balances.RoundRobin)]
    [InlineData(Balances.LeastQueued)]
    public void Takes_one_worker_after_the_other(string balance)
    {
        var balancer = Balances.Balancer(balance, 100);
        var workers = Add(balancer, 3, limit: 100);

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(_ => Give(balancer, workers)));
    }

    [Fact]
    public void Has_no_worker_where_all_are_full_or_none_is_there()
    {
        var balancer = Balances.Balancer(Balances.RoundRobin, 100);
        Assert.False(balancer.HasRoom);
        Assert.Equal(0, balancer.Choose(1, null, []));

        var workers = Add(balancer, 1, limit: 1);
        Assert.True(balancer.HasRoom);
        Give(balancer, workers);

        Assert.False(balancer.HasRoom);
        Assert.Equal(0, balancer.Choose(1, null, []));
    }

    [Fact]
    public void A_worker_that_was_full_makes_up_for_its_turns()
    {
        var balancer = Balances.Balancer(Balances.RoundRobin, 100);
        var workers = Add(balancer, 2, limit: 100);
        workers[0].Limit = 1;
        Assert.Equal([0, 1, 1, 1, 1], Enumerable.Range(0, 5).Select(_ => Give(balancer, workers)));

        workers[0].Limit = 100;

        Assert.Equal([0, 0, 0, 1, 0, 1, 0], Enumerable.Range(0, 7).Select(_ => Give(balancer, workers)));
    }

    [Fact]
    public void A_worker_that_is_much_slower_does_not_make_up_for_more_turns_than_it_can_have_messages()
    {
        var balancer = Balances.Balancer(Balances.RoundRobin, mostTurns: 2);
        var workers = Add(balancer, 2, limit: 100);
        workers[0].Limit = 0;
        for (var i = 0; i < 10; i++) Assert.Equal(1, Give(balancer, workers));

        workers[0].Limit = 100;

        Assert.Equal([0, 0, 1, 0, 1], Enumerable.Range(0, 5).Select(_ => Give(balancer, workers)));
    }

    [Fact]
    public void The_worker_with_the_fewest_messages_is_taken_where_that_is_asked_for()
    {
        var balancer = Balances.Balancer(Balances.LeastQueued, 100);
        var workers = Add(balancer, 3, limit: 100);
        for (var i = 0; i < 6; i++) Give(balancer, workers);

        workers[1].Unwritten.Take(1);
        workers[1].Unwritten.Take(1);

        Assert.Equal([1, 1, 2, 0], Enumerable.Range(0, 4).Select(_ => Give(balancer, workers)));
    }

    [Theory]
    [InlineData(Balances.RoundRobin)]
    [InlineData(Balances.LeastQueued)]
    public void A_worker_that_had_the_message_last_gets_it_again_only_where_no_other_has_room(string balance)
    {
        var balancer = Balances.Balancer(balance, 100);
        var workers = Add(balancer, 2, limit: 100);

        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => Give(balancer, workers, last: workers[0])));
        workers[1].Limit = 0;
        Assert.Equal(0, Give(balancer, workers, last: workers[0]));
    }

    /// <remarks>While nobody has lost turns, what each was given and the turns that it still has are the same for all.</remarks>
    [Fact]
    public void Turns_are_never_lost_while_workers_are_now_and_then_full() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Select(Gen.Int[-3, 4], Gen.Int[1, 4]).Array[0, 100]).Sample((count, limit, steps) =>
        {
            var balancer = Balances.Balancer(Balances.RoundRobin, mostTurns: int.MaxValue);
            var workers = Add(balancer, count, limit);
            var given = new int[count];
            foreach (var (step, size) in steps)
            {
                if (step >= 0 && step < count)
                {
                    for (var i = 0; i < size && workers[step].Load > 0; i++) workers[step].Unwritten.Take(1);
                }
                else
                {
                    for (var i = 0; i < size; i++)
                    {
                        if (Give(balancer, workers) is >= 0 and var worker) given[worker]++;
                        else Assert.All(workers, full => Assert.False(full.HasRoom));
                    }
                }
                Assert.Single(workers.Select((worker, i) => given[i] + worker.Turns).Distinct());
            }
        });

    [Fact]
    public void Shares_stay_even_to_within_one_while_nobody_is_full_whoever_comes_and_goes() =>
        Gen.Select(Gen.OneOf(Gen.Const(Balances.RoundRobin), Gen.Const(Balances.LeastQueued)), Gen.Int[0, 20].Array[1, 60]).Sample((balance, steps) =>
        {
            var balancer = Balances.Balancer(balance, 1000);
            var workers = Add(balancer, 2, limit: 1000).ToList();
            foreach (var step in steps)
            {
                if (step == 0) workers.AddRange(Add(balancer, 1, limit: 1000));
                if (step == 1 && workers.Count > 1)
                {
                    balancer.Remove(workers[0]);
                    workers.RemoveAt(0);
                }
                foreach (var worker in workers) worker.Unwritten.TakeAll();
                for (var i = 0; i < step; i++) Give(balancer, workers);
                Assert.InRange(workers.Max(worker => worker.Load) - workers.Min(worker => worker.Load), 0, 1);
            }
        });

    [Fact]
    public void Many_messages_at_once_go_to_the_same_workers_in_the_same_order_as_one_after_the_other() =>
        Gen.Select(Gen.OneOf(Gen.Const(Balances.RoundRobin), Gen.Const(Balances.LeastQueued)), Gen.Int[1, 6], Gen.Select(Gen.Int[-3, 5], Gen.Int[1, 30]).Array[0, 60]).Sample((balance, most, steps) =>
        {
            var (one, many) = (Balances.Balancer(balance, most), Balances.Balancer(balance, most));
            var (ones, manys) = (Add(one, 4, limit: 10), Add(many, 4, limit: 10));
            foreach (var (step, size) in steps)
            {
                if (step >= 0)
                {
                    // A worker has written some of what it had.
                    if (step >= 4) continue;
                    foreach (var worker in new[] { ones[step], manys[step] })
                    {
                        for (var i = 0; i < size && worker.Load > 0; i++) worker.Unwritten.Take(1);
                    }
                    continue;
                }
                var expected = new List<int>();
                while (expected.Count < size && Give(one, ones) is >= 0 and var chosen) expected.Add(chosen);
                var actual = new List<int>();
                var takers = new List<Worker>();
                while (actual.Count < size && many.Choose(size - actual.Count, null, takers) is > 0 and var rounds)
                {
                    for (var round = 0; round < rounds; round++) actual.AddRange(takers.Select(taker => Array.IndexOf(manys, taker)));
                    foreach (var taker in takers) Give(taker, rounds);
                }
                Assert.Equal(expected, actual);
            }
        });

    [Theory]
    [InlineData(Balances.RoundRobin, 64)]
    [InlineData(Balances.LeastQueued, 4)]
    public void Who_has_a_weight_gets_as_many_more_however_many_come_at_once(string balance, int atMost)
    {
        var balancer = Balances.Balancer(balance, 10_000);
        var workers = Add(balancer, 2, limit: 10_000);
        workers[0].Weight = 4;

        foreach (var size in new[] { 1, 100, 500, 3, 396 }) GiveAtOnce(balancer, size);

        Assert.InRange(workers[0].Load, 800 - atMost, 800 + atMost);
        Assert.Equal(1000, workers[0].Load + workers[1].Load);
    }

    [Fact]
    public void The_fewest_for_its_weight_has_the_same_worker_whether_many_messages_come_at_once_or_one_after_the_other() =>
        Gen.Select(Gen.Int[1, 6].Array[4], Gen.Select(Gen.Int[-3, 5], Gen.Int[1, 30]).Array[0, 60]).Sample((weights, steps) =>
        {
            var (one, many) = (Balances.Balancer(Balances.LeastQueued, 100), Balances.Balancer(Balances.LeastQueued, 100));
            var (ones, manys) = (Add(one, 4, limit: 20), Add(many, 4, limit: 20));
            for (var i = 0; i < weights.Length; i++) ones[i].Weight = manys[i].Weight = weights[i];
            foreach (var (step, size) in steps)
            {
                if (step >= 4) continue;
                if (step >= 0)
                {
                    foreach (var worker in new[] { ones[step], manys[step] })
                    {
                        for (var i = 0; i < size && worker.Load > 0; i++) worker.Unwritten.Take(1);
                    }
                    continue;
                }
                for (var i = 0; i < size; i++) Give(one, ones);
                GiveAtOnce(many, size);
                Assert.Equal(ones.Select(worker => worker.Load), manys.Select(worker => worker.Load));
            }
        });

    [Fact]
    public void Turns_of_a_large_weight_that_has_no_room_for_long_do_not_overflow()
    {
        var balancer = Balances.Balancer(Balances.RoundRobin, mostTurns: 100_000_000);
        var workers = Add(balancer, 2, limit: 10_000_000);
        (workers[0].Weight, workers[0].Limit) = (1000, 0);

        for (var i = 0; i < 3; i++) Assert.Equal(3_000_000, balancer.Choose(3_000_000, null, []));

        Assert.Equal(int.MaxValue, workers[0].Turns);
    }

    private void GiveAtOnce(Balancer balancer, int messages)
    {
        var takers = new List<Worker>();
        while (messages > 0 && balancer.Choose(messages, null, takers) is > 0 and var rounds)
        {
            foreach (var taker in takers) Give(taker, rounds);
            messages -= rounds * takers.Count;
        }
    }

    private Worker[] Add(Balancer balancer, int count, int limit)
    {
        var workers = Enumerable.Range(0, count).Select(i => new Worker($"{i}", _clock) { State = WorkerState.Connected, Limit = limit }).ToArray();
        foreach (var worker in workers) balancer.Add(worker);
        return workers;
    }

    /// <returns>The place of the worker that was chosen, -1 for none.</returns>
    private int Give(Balancer balancer, IReadOnlyList<Worker> workers, Worker? last = null)
    {
        var takers = new List<Worker>();
        if (balancer.Choose(1, last, takers) == 0) return -1;
        var worker = Assert.Single(takers);
        Give(worker, 1);
        return workers.ToList().IndexOf(worker);
    }

    private void Give(Worker worker, int count)
    {
        worker.Unwritten.Add(new WorkRun(MessageBatch.Of(Enumerable.Range(0, count).Select(Support.Some.Json)), null!, _number));
        _number += count;
    }
}
