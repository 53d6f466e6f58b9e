using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;

namespace MessageRouter.Configuration;

/// <summary>A <c>supervision</c> block as it is written.</summary>
internal sealed record SupervisionSection : IValidatableObject
{
    [Description("What a failure leads to: `restart` has a new instance take over, `resume` lets the same one go on, `stop` ends the component. The failing message is in the error chain.")]
    public OnError OnError { get; init; } = OnError.Restart;

    [Description("How many restarts without any message handled in between there may be within `within`; one more stops the component.")]
    [Range(0, int.MaxValue)]
    public int MaxRestarts { get; init; } = 10;

    [Description("The time in which `max-restarts` are counted.")]
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);

    [Description("The pauses before restarts without any message handled in between.")]
    public BackoffSection Backoff { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Within <= TimeSpan.Zero && Within != Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be more than 0", [nameof(Within)]);
        if (Backoff.Min > Backoff.Max) yield return new ValidationResult("`backoff.min` is larger than `backoff.max`", [$"{nameof(Backoff)}.{nameof(Backoff.Min)}", $"{nameof(Backoff)}.{nameof(Backoff.Max)}"]);
    }

    public SupervisionOptions ToOptions() => new()
    {
        OnError = OnError,
        MaxRestarts = MaxRestarts,
        Within = Within,
        MinBackoff = Backoff.Min,
        MaxBackoff = Backoff.Max,
    };
}

internal sealed record BackoffSection : IValidatableObject
{
    [Description("The first pause, doubled each time.")]
    public TimeSpan Min { get; init; } = TimeSpan.FromMilliseconds(200);

    [Description("The longest pause.")]
    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Durations.Check(Min, TimeSpan.Zero, nameof(Min)).Concat(Durations.Check(Max, TimeSpan.Zero, nameof(Max)));
}
