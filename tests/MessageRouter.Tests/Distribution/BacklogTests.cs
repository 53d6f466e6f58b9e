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
            var model = new SortedSet<long>();
            var taken = new List<Work>();
            var putBack = new List<Work>();
            var next = 0;
            foreach (var (step, which) in steps)
            {
                switch (step)
                {
                    case Step.Add:
                        var count = which % 5 + 1;
                        backlog.Add(new WorkRun(MessageBatch.Of(Enumerable.Range(next, count).Select(Some.Json)), null!, next));
                        model.UnionWith(Enumerable.Range(next, count).Select(number => (long)number));
                        next += count;
                        break;
                    case Step.Take when backlog.Again is { } first:
                        backlog.TakeAgain();
                        Assert.Equal(model.Min, first.Number);
                        model.Remove(first.Number);
                        putBack.Remove(first);
                        taken.Add(first);
                        break;
                    case Step.Take when backlog.Fresh is { } fresh:
                        foreach (var work in backlog.TakeFresh(which % fresh.Count + 1).Works)
                        {
                            Assert.Equal(model.Min, work.Number);
                            Assert.Equal(Text(work.Number), work.Message.ToString());
                            model.Remove(work.Number);
                            taken.Add(work);
                        }
                        break;
                    case Step.PutBack when taken.Count > 0:
                        var again = taken[which % taken.Count];
                        taken.Remove(again);
                        backlog.PutBack(again);
                        putBack.Add(again);
                        model.Add(again.Number);
                        break;
                    case Step.EndOne when putBack.Count > 0:
                        var ended = putBack[which % putBack.Count];
                        putBack.Remove(ended);
                        ended.Ended = true;
                        model.Remove(ended.Number);
                        break;
                }
                Assert.Equal(model.Count == 0, backlog.IsEmpty);
                if (model.Count > 0) Assert.Equal(model.Min, backlog.Again?.Number ?? backlog.Fresh!.Number);
            }
            Assert.Equal(model.Select(Text), backlog.TakeAll().SelectMany(delivery => delivery.Batch).Select(message => message.ToString()));
            Assert.True(backlog.IsEmpty);
        });

    private static string Text(long number) => Some.Json((int)number).ToString();
}
