using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Testing.Expectations;

namespace MessageRouter.Testing.Conditions;

/// <summary>Of a filter or an output: on which messages it throws.</summary>
internal record FailureCondition : Condition
{
    [Description("It throws on messages; true, or the error's text.")]
    public string Fails { get; init; } = "";

    [Description("On how many messages it throws; 0 for no limit.")]
    public long Times { get; init; }

    [Description("How many messages it lets pass before.")]
    public long After { get; init; }

    /// <summary>The messages that are meant; null for all.</summary>
    internal Pattern? When { get; init; }

    /// <summary>Whether it throws at all.</summary>
    public bool IsFailure => Fails is not ("" or "false" or "no" or "off");

    /// <summary>What it says when it does.</summary>
    public string Problem => Fails is "true" or "yes" or "on" ? "It fails, as its test has it." : Fails;

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if (Times < 0) yield return new ValidationResult("must be 0 for no limit or the number of messages", [nameof(Times)]);
        if (After < 0) yield return new ValidationResult("must be a number of messages", [nameof(After)]);
        if (!IsFailure && (Times > 0 || After > 0)) yield return new ValidationResult("goes with `fails`", [Times > 0 ? nameof(Times) : nameof(After)]);
    }
}
