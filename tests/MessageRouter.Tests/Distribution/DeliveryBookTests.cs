using CsCheck;
using MessageRouter.Distribution;
using MessageRouter.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Distribution;

public class DeliveryBookTests
{
    private const int MaxDeliveries = 3;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly DeliveryBook _book;
    private readonly Worker _one;
    private readonly Worker _other;
    private readonly Work _work = new(Some.Json(1), null!, 1);

    public DeliveryBookTests()
    {
        _book = new DeliveryBook(MaxDeliveries, Lease, _clock);
        _one = new Worker("one", _clock);
        _other = new Worker("other", _clock);
    }

    [Fact]
    public void A_message_is_done_once()
    {
        var tag = _book.Deliver(_work, _one);

        Assert.Equal(Verdict.Done, _book.Done(_one, tag, out var work));
        Assert.Same(_work, work);
        Assert.Equal(Verdict.None, _book.Done(_one, tag, out _));
        Assert.Empty(_one.Unanswered);
    }

    [Fact]
    public void Nobody_answers_for_another()
    {
        var tag = _book.Deliver(_work, _one);

        Assert.Equal(Verdict.None, _book.Done(_other, tag, out _));
        Assert.Single(_one.Unanswered);
    }

    [Fact]
    public void What_a_dead_worker_had_goes_to_another_however_often()
    {
        for (var deaths = 1; deaths <= 3 * MaxDeliveries; deaths++)
        {
            _book.Deliver(_work, _one);
            Assert.Equal([_work], _book.Gone(_one));
            Assert.Equal((deaths, 0), (_work.Redeliveries, _work.Failures));
        }
    }

    [Fact]
    public void What_a_worker_returns_goes_to_another_however_often()
    {
        for (var i = 1; i <= 3 * MaxDeliveries; i++)
            Assert.Equal(Verdict.Again, _book.Returned(_one, _book.Deliver(_work, _one), out _));

        Assert.Equal(0, _work.Failures);
    }

    [Fact]
    public void A_message_on_which_workers_fail_is_given_up()
    {
        Assert.Equal(Verdict.Again, _book.Failed(_one, _book.Deliver(_work, _one), out _));
        Assert.Equal(Verdict.Again, _book.Failed(_other, _book.Deliver(_work, _other), out _));
        Assert.Equal(Verdict.GivenUp, _book.Failed(_one, _book.Deliver(_work, _one), out _));
    }

    [Fact]
    public void A_lease_that_is_over_counts_as_a_failure_and_the_late_answer_still_ends_the_message()
    {
        var late = _book.Deliver(_work, _one);
        _clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.False(_book.TryEndLease(out _, out _));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_book.TryEndLease(out var ended, out var verdict));
        Assert.Equal((_one, _work, Verdict.Again, 1), (ended.Worker, ended.Work, verdict, _work.Failures));
        Assert.False(_book.TryEndLease(out _, out _));
        var again = _book.Deliver(_work, _other);

        Assert.Equal(Verdict.Done, _book.Done(_one, late, out _));
        Assert.Equal(Verdict.None, _book.Done(_other, again, out _));
    }

    [Fact]
    public void Of_a_late_worker_only_word_that_it_is_done_counts()
    {
        var tags = Enumerable.Range(0, 2).Select(i => _book.Deliver(new Work(Some.Json(i), null!, i), _one)).ToList();
        _clock.Advance(Lease);
        while (_book.TryEndLease(out _, out _))
        {
        }
        Assert.Equal(2, _one.Unanswered.Count);

        Assert.Equal(Verdict.None, _book.Failed(_one, tags[0], out _));
        Assert.Equal(Verdict.None, _book.Returned(_one, tags[1], out _));
        Assert.Empty(_one.Unanswered);
        Assert.Empty(_book.Gone(_one));
    }

    [Fact]
    public void An_answered_delivery_has_no_lease()
    {
        _book.Done(_one, _book.Deliver(_work, _one), out _);
        _clock.Advance(Lease);

        Assert.False(_book.TryEndLease(out _, out _));
    }

    private enum Step
    {
        Deliver,
        Done,
        Failed,
        Return,
        Die,
        Wait,
    }

    /// <summary>
    /// Any answers in any order, some of them late, wrong or doubled: each message ends at most once, and one that has
    /// not ended waits for a worker or is at one.
    /// </summary>
    [Fact]
    public void Whatever_workers_say_every_message_ends_once() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 1000]).Array[0, 200].Sample(steps =>
        {
            var clock = new FakeTimeProvider();
            var book = new DeliveryBook(MaxDeliveries, Lease, clock);
            var workers = Enumerable.Range(0, 3).Select(i => new Worker($"{i}", clock)).ToList();
            var works = Enumerable.Range(0, 8).Select(i => new Work(Some.Json(i), null!, i)).ToList();
            var waiting = works.ToHashSet();
            var ended = new List<Work>();
            var tags = new List<ulong> { 0 };
            foreach (var (step, which, size) in steps)
            {
                var worker = workers[which];
                var tag = tags[size % tags.Count];
                switch (step)
                {
                    case Step.Deliver when waiting.FirstOrDefault(work => !work.Ended) is { } work:
                        waiting.Remove(work);
                        tags.Add(book.Deliver(work, worker));
                        break;
                    case Step.Done:
                        Apply(book.Done(worker, tag, out var done), done);
                        break;
                    case Step.Failed:
                        Apply(book.Failed(worker, tag, out var failed), failed);
                        break;
                    case Step.Return:
                        Apply(book.Returned(worker, tag, out var returned), returned);
                        break;
                    case Step.Die:
                        foreach (var again in book.Gone(worker)) Apply(Verdict.Again, again);
                        break;
                    case Step.Wait:
                        clock.Advance(TimeSpan.FromSeconds(size % 20));
                        while (book.TryEndLease(out var handover, out var verdict)) Apply(verdict, handover.Work);
                        break;
                }
                Assert.Equal(ended.Count, ended.Distinct().Count());
                Assert.Equal(ended.ToHashSet(), works.Where(work => work.Ended).ToHashSet());
                var held = workers.SelectMany(each => each.Unanswered.Values).Where(handover => !handover.IsLate).Select(handover => handover.Work).ToList();
                Assert.Equal(works.Where(work => !work.Ended).OrderBy(work => work.Number), held.Concat(waiting).Where(work => !work.Ended).OrderBy(work => work.Number));
                Assert.All(works, work => Assert.InRange(work.Failures, 0, MaxDeliveries));
            }

            void Apply(Verdict verdict, Work? work)
            {
                if (verdict is Verdict.Done or Verdict.GivenUp) ended.Add(work!);
                if (verdict == Verdict.Again) Assert.True(waiting.Add(work!));
            }
        });
}
