using MessageRouter.Distribution;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Distribution;

public class WorkRunTests
{
    [Fact]
    public void Parts_know_the_place_of_each_message_however_they_were_cut()
    {
        var run = Run(first: 100, count: 12).Slice(2, 9);

        Assert.Equal([103, 106, 109], Numbers(run.Every(1, 3, 3)));
        Assert.Equal([106, 109], Numbers(run.Every(1, 3, 3).Slice(1, 2)));
        Assert.Equal([106], Numbers(run.Every(1, 3, 3).Every(1, 2, 1)));
        Assert.Equal([102, 103], Numbers(run.Every(0, 1, 2)));
        Assert.Equal([103, 104, 108], Numbers(run.At([1, 2, 6])));
        Assert.Equal([104, 108], Numbers(run.At([1, 2, 6]).Slice(1, 2)));
        Assert.Equal([103, 108], Numbers(run.At([1, 2, 6]).Every(0, 2, 2)));
        Assert.Equal([108, 109], Numbers(run.At([1, 2, 6, 7]).Slice(1, 3).At([1, 2])));
        Assert.Equal([106, 109], Numbers(run.Every(1, 3, 3).At([1, 2])));
        Assert.Equal([104, 105], Numbers(run.At([2, 3])));
    }

    [Fact]
    public void Runs_are_taken_oldest_first_and_never_across_two()
    {
        var runs = new WorkRuns();
        runs.Add(Run(first: 0, count: 3));
        runs.Add(Run(first: 3, count: 2));
        Assert.Equal(5, runs.Count);

        Assert.Equal([0, 1], Numbers(runs.Take(2)));
        Assert.Equal([2], Numbers(runs.Take(2)));
        Assert.Equal(3, runs.First!.Number);
        runs.Add(Run(first: 5, count: 1));

        Assert.Equal([3, 4, 5], runs.TakeAll().SelectMany(Numbers));
        Assert.Equal(0, runs.Count);
        Assert.Null(runs.First);
    }

    /// <remarks>Each message says its own place, so that it can be seen that number and message stay together.</remarks>
    private static IEnumerable<long> Numbers(WorkRun run)
    {
        Assert.Equal(run.Count, run.Works.Count());
        foreach (var work in run.Works)
        {
            Assert.Equal(Some.Json((int)work.Number).ToString(), work.Message.ToString());
            yield return work.Number;
        }
    }

    private static WorkRun Run(int first, int count) => new(MessageBatch.Of(Enumerable.Range(first, count).Select(Some.Json)), null!, first);
}
