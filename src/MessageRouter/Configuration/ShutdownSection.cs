using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Configuration;

/// <summary>A <c>shutdown</c> block as it is written.</summary>
internal sealed record ShutdownSection : IValidatableObject
{
    [Description("How long a node that stops may take for the messages that are in it; infinite for as long as it takes.")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        DrainTimeout == Timeout.InfiniteTimeSpan ? [] : Durations.Check(DrainTimeout, TimeSpan.Zero, nameof(DrainTimeout));
}
