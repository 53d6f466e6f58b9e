using System.Text;
using CsCheck;
using MessageRouter.Ledger;
using MessageRouter.Sequences;

namespace MessageRouter.Tests.Sequences;

/// <summary>Which sources are remembered.</summary>
public class SequenceSourcesTests
{
    [Fact]
    public void Remembers_those_that_have_said_something_last_and_ends_the_others()
    {
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 9].Array[0, 60]).Sample((most, said) =>
        {
            var counts = new GapCounts();
            var sources = new SequenceSources(most, 100, 1000, counts);
            var model = new List<(int Name, ulong Number)>();
            var (forgotten, lostInAll) = (0, 0L);
            foreach (var name in said)
            {
                var index = model.FindIndex(known => known.Name == name);
                var next = index < 0 ? 1 : model[index].Number + 2;
                if (index >= 0) model.RemoveAt(index);
                var expectedLoss = 0L;
                if (model.Count == most)
                {
                    // Each of its numbers but the first has left one out.
                    expectedLoss = (long)(model[^1].Number - 1) / 2;
                    model.RemoveAt(most - 1);
                    forgotten++;
                }
                model.Insert(0, (name, next));

                var sequence = sources.Of(Encoding.UTF8.GetBytes($"{name}"), out var lost);
                Assert.Equal((expectedLoss, next == 1 ? null : next - 2), (lost, sequence.Highest));
                sequence.Take(next);
                lostInAll += lost;
                Assert.Equal((model.Count, forgotten, lostInAll), (sources.Count, counts.Forgotten.Value, counts.Lost.Value));
                Assert.Equal(model.Count, counts.Sources.Value);
                Assert.All(model, known => Assert.Equal(known.Number, sources.Find(Encoding.UTF8.GetBytes($"{known.Name}"))?.Highest));
            }
            Assert.Equal(counts.Missing.Value, sources.End());
            Assert.Equal((0, 0, 0), (sources.Count, counts.Sources.Value, counts.Missing.Value));
        });
    }
}
