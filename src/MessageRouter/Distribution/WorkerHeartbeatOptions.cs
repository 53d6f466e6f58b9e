using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Configuration;

namespace MessageRouter.Distribution;

/// <summary>How a worker that has gone silent is noticed.</summary>
internal sealed record WorkerHeartbeatOptions : IValidatableObject
{
    [Description("How often a worker is asked whether it is there; 0s for never, which at-least-once does not allow.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    [Description("How long it may stay silent before its connection is closed and others get its messages.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in Durations.Check(Interval, TimeSpan.Zero, nameof(Interval))) yield return problem;
        foreach (var problem in Durations.Check(Timeout, TimeSpan.FromMilliseconds(1), nameof(Timeout))) yield return problem;
        if (Timeout <= Interval) yield return new ValidationResult("must be more than `interval`", [nameof(Timeout), nameof(Interval)]);
    }
}
