using MessageRouter.Components;
using MessageRouter.Filters;

namespace MessageRouter.Configuration.Checks;

/// <summary>Finds <c>key</c> filters that can pass nothing, since all that comes to them has another value in the field. What edits messages, or may, ends what is known of them.</summary>
internal static class DeadFilters
{
    private static readonly HashSet<Type> PassAsItIs = [typeof(KeyFilter), typeof(NullFilter), typeof(TeeFilter), typeof(DelayFilter), typeof(GapDetectFilter), typeof(AllFilter)];

    public static IEnumerable<Diagnostic> Find(Flow flow)
    {
        // What all messages have that leave a component: a field's value, and the filter that has seen to it.
        var known = new Dictionary<string, Dictionary<string, (string Text, ComponentDefinition By)>>();
        foreach (var component in flow.InOrder)
        {
            var facts = Common([.. flow.FeedersOf(component).Select(feeder => known[feeder.Name])]);
            if (component.Options is KeyFilter.Options options)
            {
                if (facts.TryGetValue(options.Key, out var fact) && !IsMet(options, fact.Text))
                {
                    yield return new Diagnostic(
                        DiagnosticSeverity.Warning,
                        $"filter `{component.Name}` passes nothing: all that comes to it has `{options.Key} = {fact.Text}`, by filter `{fact.By.Name}`",
                        component.PlaceOf(options.Text),
                        "match what can come, or feed it by others too");
                }
                if (options.MatchType == KeyMatchType.Eq) facts[options.Key] = (options.Text, component);
            }
            known[component.Name] = PassAsItIs.Contains(component.Type.ActorType) ? facts : [];
        }
    }

    private static bool IsMet(KeyFilter.Options options, string text) =>
        options.MatchType == KeyMatchType.Eq ? options.Text == text : options.CreatePattern().IsMatch(text);

    private static Dictionary<string, (string Text, ComponentDefinition By)> Common(IReadOnlyList<Dictionary<string, (string Text, ComponentDefinition By)>> all) =>
        all.Count == 0 ? [] : all[0].Where(fact => all.All(others => others.TryGetValue(fact.Key, out var same) && same.Text == fact.Value.Text)).ToDictionary();
}
