using MessageRouter.Testing.Conditions;

namespace MessageRouter.Testing.Expectations;

/// <summary>Expected messages and those that have come, side by side.</summary>
internal sealed class Comparison
{
    private const int MostLines = 24;

    /// <summary>Cells of a table beyond which messages are compared by their place alone.</summary>
    private const long LargestTable = 1_000_000;

    private readonly List<(int? Expected, int? Found)> _pairs = [];
    private readonly IReadOnlyList<Pattern> _patterns;
    private readonly IReadOnlyList<Arrival> _arrivals;

    private Comparison(IReadOnlyList<Pattern> patterns, IReadOnlyList<Arrival> arrivals)
    {
        _patterns = patterns;
        _arrivals = arrivals;
    }

    /// <summary>Whether all is as expected.</summary>
    public bool IsEqual => _pairs.TrueForAll(Fits);

    /// <summary>The first of the expected messages that has not come; null where all have.</summary>
    public int? FirstMissing => _pairs.Find(pair => pair.Expected is not null && !Fits(pair)).Expected;

    /// <param name="patterns">What is expected.</param>
    /// <param name="arrivals">What has come.</param>
    /// <param name="others">Whether there may be others in between.</param>
    public static Comparison InOrder(IReadOnlyList<Pattern> patterns, IReadOnlyList<Arrival> arrivals, bool others)
    {
        var comparison = new Comparison(patterns, arrivals);
        if (others) comparison.FindOneAfterTheOther();
        else comparison.Align();
        return comparison;
    }

    /// <inheritdoc cref="InOrder"/>
    public static Comparison InAnyOrder(IReadOnlyList<Pattern> patterns, IReadOnlyList<Arrival> arrivals, bool others)
    {
        var comparison = new Comparison(patterns, arrivals);
        var takenBy = Matching.Find(patterns.Count, arrivals.Count, comparison.Matches);
        var taken = new HashSet<int>();
        for (var i = 0; i < patterns.Count; i++)
        {
            if (takenBy[i] is { } found) taken.Add(found);
            comparison._pairs.Add((i, takenBy[i]));
        }
        if (!others) comparison._pairs.AddRange(Enumerable.Range(0, arrivals.Count).Where(j => !taken.Contains(j)).Select(j => ((int?)null, (int?)j)));
        return comparison;
    }

    /// <summary>What differs: <c>-</c> before what is missing, <c>+</c> before what nobody expects, and below the two what is not alike.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = _pairs.Where(pair => !Fits(pair)).SelectMany(LinesOf).Take(MostLines + 1).ToList();
        if (lines.Count > MostLines) lines[MostLines] = "… and more";
        return lines;
    }

    private IEnumerable<string> LinesOf((int? Expected, int? Found) pair)
    {
        if (pair.Expected is { } expected) yield return FormattableString.Invariant($"- {expected + 1}: {Shown.Cut(_patterns[expected].ToString()!)}");
        if (pair.Found is not { } found) yield break;
        yield return FormattableString.Invariant($"+ {found + 1}: {Shown.Cut(_arrivals[found].Text)}");
        if (pair.Expected is not { } unlike) yield break;
        foreach (var difference in _patterns[unlike].Differences("", _arrivals[found].Body)) yield return $"    {difference}";
    }

    private bool Matches(int expected, int found) => _patterns[expected].Matches(_arrivals[found].Body);

    private bool Fits((int? Expected, int? Found) pair) => pair is ({ } expected, { } found) && Matches(expected, found);

    private void FindOneAfterTheOther()
    {
        var next = 0;
        for (var i = 0; i < _patterns.Count; i++)
        {
            var found = next;
            while (found < _arrivals.Count && !Matches(i, found)) found++;
            _pairs.Add((i, found < _arrivals.Count ? found : null));
            if (found < _arrivals.Count) next = found + 1;
        }
    }

    /// <summary>The longest common part stays together; what is left between two of its messages is put side by side.</summary>
    private void Align()
    {
        var (first, patterns, arrivals) = (0, _patterns.Count, _arrivals.Count);
        while (first < Math.Min(patterns, arrivals) && Matches(first, first)) first++;
        while (patterns > first && arrivals > first && Matches(patterns - 1, arrivals - 1)) (patterns, arrivals) = (patterns - 1, arrivals - 1);
        var (i, j) = (first, first);
        foreach (var (expected, found) in CommonPart(first, patterns, arrivals))
        {
            AddUnlike(i, expected, j, found);
            (i, j) = (expected + 1, found + 1);
        }
        AddUnlike(i, patterns, j, arrivals);
    }

    private void AddUnlike(int i, int patterns, int j, int arrivals)
    {
        for (; i < patterns || j < arrivals; i++, j++) _pairs.Add((i < patterns ? i : null, j < arrivals ? j : null));
    }

    private List<(int Expected, int Found)> CommonPart(int first, int patterns, int arrivals)
    {
        var (rows, columns) = (patterns - first, arrivals - first);
        if ((long)rows * columns > LargestTable) return [];
        var length = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
                length[i, j] = Matches(first + i, first + j) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }
        List<(int Expected, int Found)> common = [];
        for (int i = 0, j = 0; i < rows && j < columns;)
        {
            if (Matches(first + i, first + j)) common.Add((first + i++, first + j++));
            else if (length[i + 1, j] >= length[i, j + 1]) i++;
            else j++;
        }
        return common;
    }
}
