using System.Numerics;

namespace MessageRouter.Benchmarks.Wire;

/// <summary>How often each time was seen, to within an eighth of it.</summary>
internal sealed class Histogram
{
    private const int Steps = 8;

    private readonly long[] _counts = new long[64 * Steps];

    public void Add(long time) => _counts[Index(Math.Max(1, time))]++;

    /// <summary>The time, in the unit of what was added, that the fraction <paramref name="part"/> of all did not exceed; null where none was seen.</summary>
    public double? Percentile(double part)
    {
        var wanted = (long)(_counts.Sum() * part);
        for (var i = 0; i < _counts.Length; i++)
        {
            if ((wanted -= _counts[i]) < 0) return Value(i);
        }
        return null;
    }

    public void Clear() => Array.Clear(_counts);

    private static int Index(long value)
    {
        var power = BitOperations.Log2((ulong)value);
        return power * Steps + (int)(power >= 3 ? (value >> (power - 3)) & 7 : (value << (3 - power)) & 7);
    }

    private static double Value(int index) => Math.Pow(2, index / Steps) * (1 + (index % Steps + 1) / (double)Steps);
}
