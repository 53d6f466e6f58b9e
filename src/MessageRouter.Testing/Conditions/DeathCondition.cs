using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Testing.Conditions;

/// <summary>Of a group of worker processes: how long each of them lives.</summary>
internal sealed record DeathCondition : IValidatableObject
{
    [Description("How long after its start each process ends by itself.")]
    public required TimeSpan DiesAfter { get; init; }

    [Description("How many processes do so; 0 for all.")]
    public int Times { get; init; }

    [Description("What they end with.")]
    [Range(0, 255)]
    public int ExitCode { get; init; } = 1;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DiesAfter == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time", [nameof(DiesAfter)]);
        if (Times < 0) yield return new ValidationResult("must be 0 for all or the number of processes", [nameof(Times)]);
    }
}
