using System.ComponentModel.DataAnnotations;

namespace MessageRouter.Components;

/// <summary>Says what is wrong with a part of an option's text, so that the error can point into the file.</summary>
/// <param name="message">What is wrong, as a phrase without a full stop.</param>
/// <param name="member">The option.</param>
/// <param name="start">Where in the option's text it begins.</param>
/// <param name="length">How many characters it has.</param>
/// <param name="hint">What to do about it.</param>
internal sealed class ValueProblem(string message, string member, int start, int length, string? hint = null) : ValidationResult(message, [member])
{
    public int Start { get; } = start;

    public int Length { get; } = length;

    public string? Hint { get; } = hint;
}
