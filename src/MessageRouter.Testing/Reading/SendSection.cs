using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Testing.Reading;

/// <summary>What is sent to one input, as it is written as a block; <c>message</c> and <c>messages</c> are read beside it.</summary>
internal sealed record SendSection : IValidatableObject
{
    [Description("When the first is sent, counted from the begin of the test.")]
    public TimeSpan At { get; init; }

    [Description("How many are sent in a second; 0 for all at once.")]
    public double Rate { get; init; }

    [Description("How often `message` is sent.")]
    public long Count { get; init; } = 1;

    [Description("A file that `message-router tap --record` has written; relative to this file.")]
    public string From { get; init; } = "";

    [Description("Of a recording of several components: whose messages.")]
    public string Component { get; init; } = "";

    [Description("Of a recording of several sides: in, out, dropped or failed.")]
    public string Side { get; init; } = "";

    [Description("A file of which each line is a message; relative to this file.")]
    public string Lines { get; init; } = "";

    [Description("Who sends them, as far as that is known.")]
    public PeerSection? Peer { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (At == Timeout.InfiniteTimeSpan) yield return new ValidationResult("must be a time", [nameof(At)]);
        if (Rate is not (0 or (>= 0.0001 and <= 1e9))) yield return new ValidationResult("must be 0 for all at once or between 0.0001 and 1000000000 messages per second", [nameof(Rate)]);
        if (Count is < 1 or > 1_000_000) yield return new ValidationResult("must be 1 to 1000000", [nameof(Count)]);
        if (From.Length == 0 && Component.Length > 0) yield return new ValidationResult("goes with `from`", [nameof(Component)]);
        if (From.Length == 0 && Side.Length > 0) yield return new ValidationResult("goes with `from`", [nameof(Side)]);
    }
}
