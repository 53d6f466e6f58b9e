namespace MessageRouter.Configuration.Secrets;

/// <summary>A secret cannot be had.</summary>
/// <param name="message">Why, as a phrase that says nothing of what is in it.</param>
/// <param name="hint">What to do about it.</param>
internal sealed class SecretException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
