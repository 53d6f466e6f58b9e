using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Testing.Conditions;

/// <summary>What is given of a component for a part of a test.</summary>
internal abstract record Condition : IValidatableObject
{
    [Description("From when on, counted from the begin of the test.")]
    public TimeSpan From { get; init; }

    [Description("Until when; infinite for the whole test.")]
    public TimeSpan Until { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Whether it never ends once it has begun.</summary>
    public bool IsEndless => Until == Timeout.InfiniteTimeSpan;

    public bool IsAt(TimeSpan elapsed) => elapsed >= From && (IsEndless || elapsed < Until);

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time", [nameof(From)]);
        if (!IsEndless && Until <= From) yield return new ValidationResult("must be later than `from`", [nameof(Until)]);
    }
}
