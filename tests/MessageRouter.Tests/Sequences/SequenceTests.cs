using CsCheck;
using MessageRouter.Ledger;
using MessageRouter.Sequences;

namespace MessageRouter.Tests.Sequences;

/// <summary>What is counted of the numbers of one source.</summary>
public class SequenceTests
{
    private const int Window = 8;
    private const long LargestGap = 50;

    [Theory]
    [InlineData("1 2 3", "none", "in order")]
    [InlineData("7 8 9", "none", "what was before the first is not known")]
    [InlineData("1 2 5", "2 missing", "what may still come is not lost yet")]
    [InlineData("1 2 5 6 7 8 9 10 11", "1 missing, 1 lost", "3 has left the window of eight")]
    [InlineData("1 2 5 4 3", "2 reordered", "what was missing has come")]
    [InlineData("1 2 3 3 2", "2 duplicates", "what was there has come again")]
    [InlineData("3 2 4", "1 reordered", "the first ones may come out of order too")]
    [InlineData("1 40", "7 missing, 31 lost", "all that can never be in the window again is lost at once")]
    [InlineData("1 52", "7 missing, 43 lost", "fifty at once are a gap")]
    [InlineData("1 53", "1 restarts", "more are another sequence")]
    [InlineData("1 18446744073709551615", "1 restarts", "and no loss of 2^64")]
    [InlineData("1 2 3 1 2 3", "1 restarts", "begun again")]
    [InlineData("0 1 2 0 1 2", "1 restarts", "begun again at 0")]
    [InlineData("1 2 3 1 4", "1 duplicates", "the first one has come twice, as the next one tells")]
    [InlineData("1 2 3 1 3", "1 restarts, 1 missing", "begun again, with one missing")]
    [InlineData("1 2 3 1", "none", "the next one has not told yet")]
    [InlineData("1 2 4 1 2", "1 restarts, 1 lost", "what was missing of the old sequence is lost with it")]
    [InlineData("20 21 22 3 4 5", "1 restarts", "so far back that it must be another sequence, as the next one confirms")]
    [InlineData("20 21 22 3 23", "1 duplicates", "one that is far too late")]
    [InlineData("20 21 22 1 1 2", "1 duplicates, 1 restarts", "the last of several decides")]
    [InlineData("1 1 1", "2 duplicates", "one that repeats itself has not begun again")]
    [InlineData("1 2 1 2 1 2", "2 restarts", "again and again")]
    [InlineData("18446744073709551614 18446744073709551615 0 1", "1 restarts", "the numbers are at their end")]
    public void Of_numbers_that_come_it_says(string numbers, string expected, string why)
    {
        var (sequence, counts) = Make();

        foreach (var number in numbers.Split(' ')) sequence.Take(ulong.Parse(number));

        Assert.True(SameCounts(expected, counts), $"{why}: {GapLine.Of([counts])}");
    }

    [Theory]
    [InlineData("1 2 5", "2 lost")]
    [InlineData("1 2 3 1", "1 restarts")]
    [InlineData("1 4 1", "2 lost, 1 restarts")]
    public void At_the_end_nothing_is_open_any_more(string numbers, string expected)
    {
        var (sequence, counts) = Make();
        foreach (var number in numbers.Split(' ')) sequence.Take(ulong.Parse(number));

        sequence.End();

        Assert.True(SameCounts(expected, counts), $"{GapLine.Of([counts])}");
    }

    [Fact]
    public void What_is_known_to_have_come_before_begins_no_sequence()
    {
        var (sequence, counts) = Make();
        for (var n = 1UL; n <= 20; n++) sequence.Take(n);

        sequence.Take(1, isRedelivered: true);
        sequence.Take(2, isRedelivered: true);

        Assert.Equal("2 duplicates", $"{GapLine.Of([counts])}");
    }

    [Fact]
    public void Whatever_is_lost_repeated_and_disordered_within_the_window_is_counted_exactly()
    {
        Gen.Select(Gen.Int[2, 1000], Gen.Int[0, 9].Array[1, 200], Gen.Int[0, 3].Array[1, 200], Gen.Int[1, 200]).Sample((begin, fates, shifts, window) =>
        {
            // A number is sent, lost, or sent twice; and comes at most so many places later that it is in the window still.
            var sent = fates.Select((fate, index) => (Number: (ulong)(begin + index), Times: fate switch { 0 or 1 => 0, 2 => 2, _ => 1 })).SelectMany(sent => Enumerable.Repeat(sent.Number, sent.Times)).ToList();
            if (sent.Count == 0) return;
            var arriving = sent.Select((number, index) => (number, At: index + Math.Min(shifts[index % shifts.Length], (window - 1) / 4))).OrderBy(one => one.At).Select(one => one.number).ToList();
            var counts = new GapCounts();
            var sequence = new Sequence(window, long.MaxValue, counts);

            foreach (var number in arriving) sequence.Take(number);
            sequence.End();

            var (first, last) = (arriving[0], arriving.Max());
            var between = (long)(last - first + 1);
            Assert.Equal(between - arriving.Where(number => number >= first).Distinct().Count(), counts.Lost.Value);
            Assert.Equal(arriving.Count, arriving.Distinct().Count(number => number >= first) + counts.Duplicates.Value + arriving.Count(number => number < first));
            Assert.Equal((0, 0), (counts.Missing.Value, counts.Restarts.Value));
        });
    }

    [Fact]
    public void Counts_the_same_as_one_that_remembers_every_number()
    {
        Gen.Select(Gen.Int[1, 100], Gen.Int[0, 60], Gen.OneOf(Gen.Int[0, 12], Gen.Int[0, 80], Gen.Int[-3, 3]).Array[1, 120]).Sample((window, largestGap, moves) =>
        {
            var counts = new GapCounts();
            var sequence = new Sequence(window, largestGap, counts);
            var model = new Model(window, largestGap);
            var last = 0L;
            foreach (var move in moves)
            {
                // Steps on and back, and places that are gone to.
                var number = (ulong)Math.Max(0, move is >= -3 and <= 3 ? last + move : move);
                last = (long)number;
                var before = counts.Lost.Value;
                var lost = sequence.Take(number);
                model.Take(number);
                Assert.Equal(counts.Lost.Value - before, lost);
                Assert.Equal(model.ToString(), Text(counts));
                Assert.Equal(model.Missing.Count, sequence.Missing);
            }
            sequence.End();
            model.End();
            Assert.Equal(model.ToString(), Text(counts));
        });
    }

    [Fact]
    public void Says_beforehand_what_a_number_would_be()
    {
        Gen.Int[0, 30].Array[1, 60].Sample(numbers =>
        {
            var (sequence, counts) = Make();
            foreach (var number in numbers)
            {
                var (step, highest, before) = (sequence.Of((ulong)number), sequence.Highest, Text(counts));
                Assert.Equal(before, Text(counts));
                var (duplicates, reordered) = (counts.Duplicates.Value, counts.Reordered.Value);
                sequence.Take((ulong)number);
                switch (step)
                {
                    case SequenceStep.First:
                        Assert.Null(highest);
                        break;
                    case SequenceStep.Next or SequenceStep.Gap or SequenceStep.Jump:
                        Assert.Equal((ulong)number, sequence.Highest);
                        break;
                    case SequenceStep.Late:
                        Assert.Equal(reordered + 1, counts.Reordered.Value);
                        break;
                    case SequenceStep.Duplicate:
                        Assert.True(counts.Duplicates.Value > duplicates);
                        break;
                }
            }
        });
    }

    private static (Sequence Sequence, GapCounts Counts) Make()
    {
        var counts = new GapCounts();
        return (new Sequence(Window, LargestGap, counts), counts);
    }

    private static bool SameCounts(string expected, GapCounts counts) => expected.Split(", ").Order().SequenceEqual($"{GapLine.Of([counts])}".Split(", ").Order());

    private static string Text(GapCounts counts) =>
        $"{counts.Lost.Value} lost {counts.Missing.Value} missing {counts.Duplicates.Value} duplicates {counts.Reordered.Value} reordered {counts.Restarts.Value} restarts";

    /// <summary>The same as told in words: sets of all numbers that were there and that are missing, and nothing clever.</summary>
    private sealed class Model(int window, long largestGap)
    {
        private readonly HashSet<ulong> _seen = [];
        private ulong? _back;
        private ulong _highest;
        private long _lost;
        private long _duplicates;
        private long _reordered;
        private long _restarts;

        public HashSet<ulong> Missing { get; } = [];

        public void Take(ulong number)
        {
            if (_seen.Count == 0)
            {
                Begin(number);
                return;
            }
            if (_back is { } back)
            {
                _back = null;
                if (number > back && number <= _highest && !Missing.Contains(number)) Restart(back);
                else _duplicates++;
            }
            if (number > _highest)
            {
                if (number - _highest - 1 > (ulong)largestGap)
                {
                    Restart(number);
                    return;
                }
                for (var missing = _highest + 1; missing < number; missing++) Missing.Add(missing);
                _highest = number;
                _lost += Missing.RemoveWhere(missing => missing + (ulong)window <= number);
            }
            else if (Missing.Remove(number))
            {
                _reordered++;
            }
            else if (number + (ulong)window <= _highest || (number <= 1 && number < _highest && number >= _seen.Min()))
            {
                _back = number;
                return;
            }
            else if (number < _seen.Min())
            {
                // It is not kept that it was there.
                _reordered++;
                return;
            }
            else
            {
                _duplicates++;
            }
            _seen.Add(number);
        }

        public void End()
        {
            if (_back is not null) _restarts++;
            _lost += Missing.Count;
            Missing.Clear();
        }

        public override string ToString() => $"{_lost} lost {Missing.Count} missing {_duplicates} duplicates {_reordered} reordered {_restarts} restarts";

        private void Restart(ulong number)
        {
            _restarts++;
            _lost += Missing.Count;
            Missing.Clear();
            _seen.Clear();
            Begin(number);
        }

        private void Begin(ulong number)
        {
            _seen.Add(number);
            _highest = number;
        }
    }
}
