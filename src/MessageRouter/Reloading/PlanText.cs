using System.Globalization;
using System.Text;

namespace MessageRouter.Reloading;

/// <summary>A plan for who reads it before he says yes.</summary>
internal static class PlanText
{
    private const int MostNames = 3;

    public static string Of(ReloadPlan plan)
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        text.AppendLine(culture, $"Revision {plan.Revision}{(plan.Hash is null ? "" : $" ({plan.HashBefore} -> {plan.Hash})")}: {Summary(plan)}.");
        foreach (var block in plan.Blocks.Where(block => block.Action != BlockAction.Untouched))
        {
            text.AppendLine(culture, $"{Sign(block.Action)} {block.Name}{(block.Keys.Count == 0 ? "" : $": {string.Join(", ", block.Keys)}")}{(block.Place is null ? "" : $"  ({block.Place})")}");
            text.AppendLine(culture, $"    {block.Effect}");
            if (block.Reopened.Count > 0) text.AppendLine(culture, $"    opens {string.Join(", ", block.Reopened)}");
            if (block.Closed.Count > 0) text.AppendLine(culture, $"    closes {string.Join(", ", block.Closed)}");
            if (block.Disconnected.Count > 0) text.AppendLine(culture, $"    disconnects {Names(block.Disconnected)}");
        }
        if (plan.NodeKeys.Count > 0) text.AppendLine(culture, $"~ router: {string.Join(", ", plan.NodeKeys)}");
        foreach (var obstacle in plan.Obstacles) text.AppendLine(culture, $"! cannot be carried out: {obstacle}");
        if (plan.NeedsRestart.Count > 0) text.AppendLine(culture, $"! needs a restart, and stays as it is until then: {string.Join(", ", plan.NeedsRestart)}");
        return text.ToString();
    }

    /// <summary>How many blocks there are of each kind.</summary>
    public static string Summary(ReloadPlan plan)
    {
        var counts = Enum.GetValues<BlockAction>().Reverse()
            .Select(action => (action, Count: plan.Blocks.Count(block => block.Action == action)))
            .Where(each => each.Count > 0)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Count} {Word(each.action)}"));
        return string.Join(", ", counts);
    }

    public static string Word(BlockAction action) => action switch
    {
        BlockAction.ChangedInPlace => "changed in place",
        BlockAction.Replaced => "replaced",
        BlockAction.Added => "added",
        BlockAction.Removed => "removed",
        _ => "untouched",
    };

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more") : "");

    private static char Sign(BlockAction action) => action switch
    {
        BlockAction.Added => '+',
        BlockAction.Removed => '-',
        BlockAction.Replaced => '*',
        _ => '~',
    };
}
