using System.Globalization;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Pools;

namespace MessageRouter.Trials;

/// <summary>Says why a component did what it did, with the line of the file that has decided.</summary>
internal sealed class StepReasons(Func<string, string> hide)
{
    private const int LongestLine = 120;

    public IReadOnlyList<ShownReason> Of(ComponentDefinition component, TrialStep step, Message message)
    {
        var reasons = step.Reasons.Select(reason => Show(component, reason)).ToList();
        if (step.Copy is { } copy) reasons.Insert(0, Show(component, Choice(component, copy, message)));
        if (step.End == TrialEnd.Failed && Codec(component.Role) is { } codec && component.FindKey(codec) is not null) reasons.Add(Show(component, new Reason($"as its `{codec}` says", codec)));
        return reasons;
    }

    private static string? Codec(ComponentRole role) => role switch
    {
        ComponentRole.Input => "decode",
        ComponentRole.Output => "encode",
        _ => null,
    };

    private static Reason Choice(ComponentDefinition pool, int copy, Message message)
    {
        var which = string.Create(CultureInfo.InvariantCulture, $"copy {copy} of {pool.Instances} has it");
        var route = pool.Route ?? PoolRoute.RoundRobin;
        if (route.Key is { } key) return new Reason(key.Shown(message) is { } value ? $"{which}, as all whose `{key}` is {value}" : $"{which}, as all without `{key}`", "route");
        return new Reason(route == PoolRoute.LeastBusy ? $"{which}, which has the least to do" : $"{which}, in turn", pool.Route is null ? "instances" : "route");
    }

    private ShownReason Show(ComponentDefinition component, Reason reason)
    {
        var place = reason.Key is { } key ? component.FindKey(key) : null;
        return new ShownReason(reason.Text, place?.ToString(), place is null ? null : Line(place));
    }

    private string Line(SourceSpan place)
    {
        var line = place.Source.Lines.Line(place.Line).Trim().ToString();
        var shown = hide(line);
        if (shown == line) return SourceExcerpt.Of(place).Line.Trim();
        return shown.Length > LongestLine ? shown[..LongestLine] + "..." : shown;
    }
}
