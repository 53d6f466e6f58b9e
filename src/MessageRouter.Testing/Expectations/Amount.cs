using System.Globalization;
using System.Text.RegularExpressions;

namespace MessageRouter.Testing.Expectations;

/// <summary>A number of something: <c>3</c>, <c>"&gt;= 3"</c>, <c>"&lt; 3"</c> or <c>"3..5"</c>.</summary>
internal sealed partial record Amount(long Least, long Most, string Text)
{
    /// <summary>For people.</summary>
    public const string Forms = "a number, or one such as \">= 3\" or \"3..5\"";

    public bool Has(long number) => number >= Least && number <= Most;

    public override string ToString() => Text;

    public static bool TryParse(string text, out Amount amount)
    {
        amount = new Amount(0, 0, text);
        if (AmountPattern().Match(text) is not { Success: true } match || !TryNumber(match.Groups["number"].Value, out var number)) return false;
        switch (match.Groups["comparison"].Value)
        {
            case ">=": amount = amount with { Least = number, Most = long.MaxValue }; break;
            case ">": amount = amount with { Least = number + 1, Most = long.MaxValue }; break;
            case "<=": amount = amount with { Most = number }; break;
            case "<": amount = amount with { Most = number - 1 }; break;
            default: amount = amount with { Least = number, Most = number }; break;
        }
        if (!match.Groups["most"].Success) return amount.Most >= amount.Least;
        if (match.Groups["comparison"].Length > 0 || !TryNumber(match.Groups["most"].Value, out var most) || most < number) return false;
        amount = amount with { Most = most };
        return true;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"^(?<comparison>>=|<=|>|<|) *(?<number>\d{1,15})( *\.\. *(?<most>\d{1,15}))?$")]
    private static partial Regex AmountPattern();
}
