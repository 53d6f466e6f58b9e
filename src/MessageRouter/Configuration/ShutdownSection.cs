using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Configuration;

/// <summary>The router's block <c>shutdown</c>.</summary>
internal sealed record ShutdownSection : IValidatableObject
{
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        DrainTimeout == Timeout.InfiniteTimeSpan ? [] : Durations.Check(DrainTimeout, TimeSpan.Zero, nameof(DrainTimeout));
}
