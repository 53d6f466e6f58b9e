using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Testing.Conditions;

/// <summary>What is given of an output.</summary>
internal sealed record OutputCondition : FailureCondition
{
    [Description("It takes nothing: what comes waits in its mailbox.")]
    public bool Stuck { get; init; }

    [Description("What it writes to is not there: it cannot write, and its supervision cannot open it again.")]
    public bool Absent { get; init; }

    [Description("How long each message takes.")]
    public TimeSpan Slow { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if (Slow == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time; what takes nothing is `stuck`", [nameof(Slow)]);
        if ((Stuck ? 1 : 0) + (Absent ? 1 : 0) + (Slow > TimeSpan.Zero ? 1 : 0) + (IsFailure ? 1 : 0) > 1)
            yield return new ValidationResult("one condition each: write several as a list, with `from` and `until`");
    }
}
