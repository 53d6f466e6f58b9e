using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Testing.Reading;

/// <summary>What a test says of itself; <c>given</c>, <c>send</c> and <c>expect</c> are read beside it.</summary>
internal sealed record TestSection : IValidatableObject
{
    [Description("How long the test lasts at least, in its own time; else it ends when nothing is left to do.")]
    public TimeSpan RunFor { get; init; }

    [Description("How long it may last, in its own time, before it counts as hung.")]
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(1);

    [Description("Whether the node is stopped, as by a signal, before it is looked at.")]
    public bool Stop { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RunFor == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time", [nameof(RunFor)]);
        if (TimeLimit == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time", [nameof(TimeLimit)]);
        else if (TimeLimit < RunFor) yield return new ValidationResult("must not be shorter than `run-for`", [nameof(TimeLimit)]);
    }
}
