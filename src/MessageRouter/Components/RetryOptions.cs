using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Components;

/// <summary>
/// How often a filter tries a message that it throws on, before the message goes to the error chain and the supervision
/// policy applies. In between nothing is restarted, and the message keeps its place: those behind it wait.
/// A <see cref="MessageException"/> is final; there is no second try after it.
/// </summary>
public sealed record RetryOptions : IValidatableObject
{
    /// <summary>How often a message is tried in all. Default 1, no second try; at most 1000.</summary>
    [Description("How often a message that the filter throws on is tried in all, at most 1000.")]
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int Attempts { get; init; } = 1;

    /// <summary>The pause before the second try, doubled before each further one up to <see cref="SupervisionOptions.MaxBackoff"/>. Default 100 ms.</summary>
    [Description("The pause before the second try, doubled before each further one up to `supervision.backoff.max`.")]
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Backoff < TimeSpan.Zero || Backoff.TotalDays > 49) yield return new ValidationResult("must be from 0s to 49 days", [nameof(Backoff)]);
    }
}
