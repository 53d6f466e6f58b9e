namespace MessageRouter.Components;

/// <summary>
/// What an option names, a file or an endpoint, cannot be opened. Where a component throws it when it starts, the error points
/// to the option's value in the configuration.
/// </summary>
/// <param name="named">The option's value, or the element of a list, as the options have it.</param>
/// <param name="message">What is wrong, and what to do about it.</param>
/// <param name="cause">What the system said.</param>
public class OpenFailedException(string named, string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The option's value, or the element of a list, as the options have it.</summary>
    public string Named { get; } = named;
}
