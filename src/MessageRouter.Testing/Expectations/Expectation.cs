using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>One thing that a test expects of a component.</summary>
/// <param name="Component">Its full name.</param>
/// <param name="Place">Where it is written.</param>
internal abstract record Expectation(string Component, SourceSpan Place)
{
    /// <returns>Null where it is so.</returns>
    public abstract Failure? Check(Outcome outcome);
}
