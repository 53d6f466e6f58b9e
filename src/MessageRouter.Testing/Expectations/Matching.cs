namespace MessageRouter.Testing.Expectations;

/// <summary>Gives as many expected messages as possible one of those that have come, where several fit: augmenting paths, as Kuhn has them.</summary>
internal static class Matching
{
    /// <returns>For each expected message the one that it gets; null for none.</returns>
    public static int?[] Find(int expected, int found, Func<int, int, bool> fits)
    {
        var takenBy = new int?[found];
        for (var i = 0; i < expected; i++) TryGive(i, new bool[found]);
        var gets = new int?[expected];
        for (var j = 0; j < found; j++)
        {
            if (takenBy[j] is { } i) gets[i] = j;
        }
        return gets;

        bool TryGive(int i, bool[] seen)
        {
            for (var j = 0; j < found; j++)
            {
                if (seen[j] || !fits(i, j)) continue;
                seen[j] = true;
                if (takenBy[j] is { } other && !TryGive(other, seen)) continue;
                takenBy[j] = i;
                return true;
            }
            return false;
        }
    }
}
