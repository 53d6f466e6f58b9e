using CsCheck;
using MessageRouter.Distribution;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Distribution;

public class BacklogTests
{
    private enum Step
    {
        Add,
        Take,
        PutBack,
        EndOne,
    }

    /// <remarks>The model: a list that is sorted by number, of what has not ended.</remarks>
    [Fact]
    public void Gives_the_oldest_first_and_leaves_out_what_has_ended() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1000]).Array[0, 100].Sample(steps =>
        {
            var backlog = new Backlog();
            var model = new SortedDictionary<long, Work>();
            var taken = new List<Work>();
            var putBack = new List<Work>();
            var next = 0;
            foreach (var (step, which) in steps)
            {
                switch (step)
                {
                    case Step.Add:
                        var work = new Work(Some.Json(next), null!, next++);
                        backlog.Add(work);
                        model.Add(work.Number, work);
                        break;
                    case Step.Take when backlog.Peek() is { } first:
                        backlog.Dequeue();
                        Assert.Same(model.First().Value, first);
                        model.Remove(first.Number);
                        putBack.Remove(first);
                        taken.Add(first);
                        break;
                    case Step.PutBack when taken.Count > 0:
                        var again = taken[which % taken.Count];
                        taken.Remove(again);
                        backlog.PutBack(again);
                        putBack.Add(again);
                        model.Add(again.Number, again);
                        break;
                    case Step.EndOne when putBack.Count > 0:
                        var ended = putBack[which % putBack.Count];
                        putBack.Remove(ended);
                        ended.Ended = true;
                        model.Remove(ended.Number);
                        break;
                }
                Assert.Equal(model.Count == 0 ? null : model.First().Value, backlog.Peek());
            }
            Assert.Equal(model.Values, backlog.TakeAll().OrderBy(work => work.Number));
            Assert.Null(backlog.Peek());
        });
}
