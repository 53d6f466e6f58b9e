using System.Buffers.Text;

namespace MessageRouter.Client.Logging;

/// <summary>
/// The text of a number with a few decimals, such as durations and sums mostly are: the same as .NET's, without its search for the shortest. A decimal of at most 15 digits that a number is the nearest one to is
/// the only one, so that none shorter can be found by looking for it.
/// </summary>
internal static class ShortNumber
{
    private const int Decimals = 3, Thousand = 1000;

    /// <summary>With its decimals it has 15 digits.</summary>
    private const double End = 1e12;

    /// <returns>Whether it is such a number.</returns>
    public static bool TryFormat(double number, Span<byte> text, out int written)
    {
        written = 0;
        var size = Math.Abs(number);
        if (!(size is >= 1.0 / Thousand and < End)) return false;
        var thousandths = (long)Math.Round(size * Thousand);
        if (thousandths / (double)Thousand != size) return false;
        if (number < 0) text[written++] = (byte)'-';
        var (whole, rest) = Math.DivRem(thousandths, Thousand);
        Utf8Formatter.TryFormat(whole, text[written..], out var digits);
        written += digits;
        if (rest == 0) return true;
        text[written++] = (byte)'.';
        for (var (unit, place) = (Thousand / 10, 0); place < Decimals && rest > 0; unit /= 10, place++)
        {
            (var digit, rest) = Math.DivRem(rest, unit);
            text[written++] = (byte)('0' + digit);
        }
        return true;
    }
}
