using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Pools;

namespace MessageRouter.Configuration;

/// <summary>The keys that make a filter a pool of copies.</summary>
internal sealed record PoolSection : IValidatableObject
{
    [Description("How many copies of it work beside one another, each with a state of its own.")]
    [Range(1, Pool.MaxSize)]
    public int Instances { get; init; } = 1;

    [Description("How its messages are divided among the copies: `round-robin` in even shares, `least-busy` to the one with the fewest, `hash(FIELD)` so that messages with the same value in a field stay in order. By default round-robin; where it is named one instance is a pool too, which can be resized.")]
    public string? Route { get; init; }

    public PoolRoute? ToRoute() => Route is not null && PoolRoute.TryParse(Route, out var route, out _) ? route : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Route is not null && !PoolRoute.TryParse(Route, out _, out var problem)) yield return new ValidationResult(problem, [nameof(Route)]);
    }
}
