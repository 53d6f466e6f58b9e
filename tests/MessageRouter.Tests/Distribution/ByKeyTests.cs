using CsCheck;
using MessageRouter.Distribution;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Distribution;

public class ByKeyTests
{
    private const int Keys = 300;

    private readonly FakeTimeProvider _clock = new();
    private readonly ByKey _balancer = new(MessageKey.Parse("k"));

    [Fact]
    public void A_key_stays_with_its_worker_and_each_worker_has_its_share_of_keys()
    {
        Add("a", "b", "c");

        var owners = Owners();

        Assert.Equal(owners, Owners());
        Assert.All(owners.GroupBy(owner => owner), keys => Assert.InRange(keys.Count(), Keys / 6, Keys / 2));
        Assert.Equal(["a", "b", "c"], owners.Distinct().Order());
    }

    [Fact]
    public void Without_a_worker_nobody_has_a_key()
    {
        Assert.Equal(0, Choose(Keyed(0)));
        Assert.Equal(0, _balancer.Choose(new Work(Keyed(0), null!, 0), []));

        var worker = Add("a")[0];
        Assert.Equal(1, Choose(Keyed(0)));
        _balancer.Remove(worker);

        Assert.Equal(0, Choose(Keyed(0)));
    }

    [Fact]
    public void Only_the_keys_of_who_goes_or_comes_change_hands() =>
        Gen.Int[0, 9].Array[1, 12].Sample(steps =>
        {
            var here = new Dictionary<int, Worker>();
            var balancer = new ByKey(MessageKey.Parse("k"));
            var before = Owners(balancer);
            foreach (var step in steps)
            {
                var moved = here.Remove(step, out var gone) ? gone : Worker($"tcp://10.0.0.{step}:5223");
                if (gone is not null)
                {
                    balancer.Remove(gone);
                }
                else
                {
                    here.Add(step, moved);
                    balancer.Add(moved);
                }
                var after = Owners(balancer);
                Assert.All(before.Zip(after), key => Assert.True(key.First == key.Second || moved.Name == (gone is null ? key.Second : key.First)));
                before = after;
            }
        }, iter: 50);

    [Fact]
    public void Whoever_comes_again_under_its_name_has_its_keys_again_in_whatever_order_workers_come()
    {
        var workers = Add("a", "b", "c");
        var owners = Owners();

        _balancer.Remove(workers[0]);
        Add("a");
        Assert.Equal(owners, Owners());

        var other = new ByKey(MessageKey.Parse("k"));
        foreach (var name in new[] { "c", "a", "b" }) other.Add(Worker(name));
        Assert.Equal(owners, Owners(other));
    }

    [Fact]
    public void Workers_of_one_name_have_keys_each()
    {
        var workers = Add("ipc:///run/jobs", "ipc:///run/jobs", "ipc:///run/jobs");

        var owners = Enumerable.Range(0, Keys).Select(n => Owner(_balancer, Keyed(n))).ToList();

        Assert.All(workers, worker => Assert.InRange(owners.Count(owner => owner == worker), Keys / 6, Keys / 2));
    }

    [Theory]
    [InlineData("""{"k":"ab"}""", """{"n":1,"k":"\u0061b"}""")]
    [InlineData("""{"k":7}""", """{"k":"7"}""")]
    [InlineData("""{"k":true}""", """{"k":"true"}""")]
    [InlineData("""{}""", """{"other":1}""")]
    [InlineData("""{}""", "[1]")]
    public void Values_are_compared_as_text_and_messages_without_the_field_are_together(string one, string other)
    {
        Add([.. Enumerable.Range(0, 50).Select(n => $"{n}")]);

        Assert.Equal(Owner(_balancer, Message.FromJson(one)), Owner(_balancer, Message.FromJson(other)));
        Assert.Equal(Owner(_balancer, Message.FromJson("{}")), Owner(_balancer, Message.FromText("text")));
    }

    [Fact]
    public void What_comes_back_goes_to_the_worker_that_has_its_key_also_where_that_had_it_last()
    {
        Add("a", "b", "c");
        var owner = Owner(_balancer, Keyed(1));
        var takers = new List<Worker>();

        Assert.Equal(1, _balancer.Choose(new Work(Keyed(1), null!, 0) { Last = owner }, takers));

        Assert.Equal([owner!], takers);
    }

    [Fact]
    public void Nobody_else_gets_what_belongs_to_a_worker_without_room()
    {
        Add("a", "b", "c");
        Owner(_balancer, Keyed(1))!.Limit = 0;

        Assert.True(_balancer.HasRoom);
        Assert.Equal(0, Choose(Keyed(1)));
        Assert.Equal(0, _balancer.Choose(new Work(Keyed(1), null!, 0), []));
    }

    [Fact]
    public void Each_worker_gets_its_messages_together_up_to_the_first_that_has_to_wait()
    {
        Add("a", "b", "c");
        var owner = Owner(_balancer, Keyed(1))!;
        var another = Enumerable.Range(2, Keys).First(n => Owner(_balancer, Keyed(n)) != owner);
        Message[] waiting = [Keyed(1), Keyed(another), Keyed(1), Keyed(another), Keyed(1), Keyed(another)];

        var other = Owner(_balancer, Keyed(another))!;
        Assert.Equal([$"{owner.Name} 0 2 4", $"{other.Name} 1 3 5"], Divide(waiting));
        owner.Limit = 2;
        Assert.Equal([$"{owner.Name} 0 2", $"{other.Name} 1 3"], Divide(waiting));
        owner.Limit = 0;
        Assert.Empty(Divide(waiting));
        Assert.Equal([$"{other.Name} 0"], Divide(waiting[1..]));
    }

    [Fact]
    public void A_worker_gets_another_message_as_long_as_it_has_room_for_bytes()
    {
        var worker = Add("a")[0];
        (worker.Limit, worker.LimitBytes) = (100, 150_000);
        Assert.Equal(2, Choose(Large(), Large(), Large()));

        worker.LimitBytes = 350_000;

        Assert.Equal(3, Choose(Large(), Large(), Large()));
    }

    [Fact]
    public void Each_message_of_a_run_goes_to_who_has_its_key_however_little_room_there_is() =>
        Gen.Select(Gen.Int[0, 8].Array[1, 60], Gen.Int[1, 4]).Sample((keys, room) =>
        {
            var balancer = new ByKey(MessageKey.Parse("k"));
            var workers = Enumerable.Range(0, 3).Select(n => Worker($"{n}")).ToList();
            workers.ForEach(balancer.Add);
            var expected = keys.Select(key => Owner(balancer, Keyed(key))!.Name).ToList();
            var actual = new string[keys.Length];
            foreach (var worker in workers) worker.Limit = room;
            for (var run = new WorkRun(MessageBatch.Of(keys.Select(Keyed)), null!, 0); run.Count > 0;)
            {
                var shares = new List<WorkShare>();
                var count = balancer.Divide(run, shares);
                Assert.Equal(count, shares.Sum(share => share.Run.Count));
                if (count == 0) Assert.False(workers.Single(worker => worker.Name == expected[(int)run.Number]).HasRoom);
                foreach (var (worker, part) in shares)
                {
                    worker.Unwritten.Add(part);
                    Assert.False(worker.Room < 0);
                    Assert.Equal(part.Works.OrderBy(work => work.Number).Select(work => work.Number), part.Works.Select(work => work.Number));
                    foreach (var work in part.Works) actual[work.Number] = worker.Name;
                }
                if (count == 0) workers.ForEach(worker => worker.Unwritten.TakeAll());
                else run = run.Slice(count, run.Count - count);
            }
            Assert.Equal(expected, actual);
        }, iter: 200);

    /// <summary>Who gets which of these messages.</summary>
    private List<string> Divide(params Message[] messages)
    {
        var shares = new List<WorkShare>();
        _balancer.Divide(new WorkRun(MessageBatch.Of(messages), null!, 100), shares);
        return [.. shares.Select(share => $"{share.Worker.Name} {string.Join(' ', share.Run.Works.Select(work => work.Number - 100))}")];
    }

    private static Message Keyed(int key) => Message.FromJson($$"""{"k":{{key}}}""");

    private static Message Large() => Message.FromJson($$"""{"k":1,"x":"{{new string('x', 100_000)}}"}""");

    private static IReadOnlyList<string?> Owners(ByKey balancer) => Enumerable.Range(0, Keys).Select(n => Owner(balancer, Keyed(n))?.Name).ToList();

    private static Worker? Owner(ByKey balancer, Message message)
    {
        var takers = new List<Worker>();
        return balancer.Choose(new Work(message, null!, 0), takers) == 0 ? null : Assert.Single(takers);
    }

    private IReadOnlyList<string?> Owners() => Owners(_balancer);

    private int Choose(params Message[] messages) => _balancer.Divide(new WorkRun(MessageBatch.Of(messages), null!, 0), []);

    private Worker[] Add(params string[] names)
    {
        var workers = names.Select(Worker).ToArray();
        foreach (var worker in workers) _balancer.Add(worker);
        return workers;
    }

    private Worker Worker(string name) => new(name, _clock) { State = WorkerState.Connected, Limit = 1000 };
}
