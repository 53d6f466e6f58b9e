using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Routing;

namespace MessageRouter.Trials;

/// <summary>Finds the component that a trial's message comes to.</summary>
internal static class TrialStart
{
    private const int MostNamed = 20;

    /// <param name="definition">The node.</param>
    /// <param name="name">A name, short or full; null for the only input.</param>
    /// <param name="problem">What is wrong with the name.</param>
    /// <returns>Null where there is a problem.</returns>
    public static ComponentDefinition? Find(NodeDefinition definition, string? name, out string problem)
    {
        problem = "";
        var inputs = definition.Components.Where(component => component.Role == ComponentRole.Input).ToList();
        if (name is null)
        {
            if (inputs.Count == 1) return inputs[0];
            problem = inputs.Count == 0 ? "there is no input; name a component" : $"there are {inputs.Count} inputs; name one of them: {Listed(inputs)}";
            return null;
        }
        if (definition.Components.FirstOrDefault(component => name == component.Name || name == component.FullName) is { } found) return found;
        var near = Suggestion.For(name, definition.Components.SelectMany(component => new[] { component.Name, component.FullName }));
        problem = $"there is no input `{(name.Length > 100 ? name[..100] + "…" : name)}`; {(near is not null ? $"did you mean `{near}`?" : $"there are {Listed(inputs)}")}";
        return null;
    }

    private static string Listed(IReadOnlyList<ComponentDefinition> inputs) => string.Join(", ", inputs.Take(MostNamed).Select(input => input.Name)) + (inputs.Count > MostNamed ? ", …" : "");
}
