using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.InForce;

namespace MessageRouter.Cli.InForce;

/// <summary>One path at which two configurations differ.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">The value of the first; null where it has none.</param>
/// <param name="After">The value of the second; null where it has none.</param>
internal sealed record Difference(string Path, ConfigValue? Before, ConfigValue? After)
{
    private const int OriginColumn = 56;

    /// <summary>All of them, in the order of the first, and then what only the second has.</summary>
    public static IReadOnlyList<Difference> Between(IReadOnlyList<ConfigValue> first, IReadOnlyList<ConfigValue> second)
    {
        var before = first.ToDictionary(PathOf);
        var after = second.ToDictionary(PathOf);
        return
        [
            .. before.Keys.Concat(after.Keys.Where(path => !before.ContainsKey(path)))
                .Select(path => new Difference(path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))
                .Where(difference => difference.IsOne),
        ];
    }

    /// <remarks>What only one has by default, it has because of a block that the other one has not, which says enough.</remarks>
    private bool IsOne => (Before, After) switch
    {
        ({ } before, { } after) => !AreSame(before.Value, after.Value),
        _ => (Before ?? After)!.From != ConfigOrigin.Default,
    };

    /// <summary>As <c>diff</c> writes it: what the first has behind a minus, what the second has behind a plus.</summary>
    public override string ToString() => Line('-', Before) + Line('+', After);

    private static string PathOf(ConfigValue value) => HoconText.Path(value.Path);

    private string Line(char sign, ConfigValue? value) =>
        value is null ? "" : $"{$"{sign} {Path} = {HoconText.Of(value.Value)}".PadRight(OriginColumn - 2)}  # {value.From}\n";

    /// <remarks>A number and the text that looks like it are the same to almost every key.</remarks>
    private static bool AreSame(HoconValue one, HoconValue other) => (one, other) switch
    {
        (HoconScalar a, HoconScalar b) => a.Text == b.Text,
        (HoconArray a, HoconArray b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => AreSame(pair.First, pair.Second)),
        (HoconObject a, HoconObject b) => a.Fields.Count == b.Fields.Count && a.Fields.All(field => b.TryGet(field.Key, out var twin) && AreSame(field.Value, twin.Value)),
        _ => false,
    };
}
