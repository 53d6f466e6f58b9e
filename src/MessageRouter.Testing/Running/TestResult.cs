using MessageRouter.Testing.Expectations;

namespace MessageRouter.Testing.Running;

/// <summary>How a test has gone.</summary>
/// <param name="Test">The test.</param>
/// <param name="Failures">What is not as it expects; nothing where it has passed.</param>
/// <param name="Took">How long it took, in real time.</param>
internal sealed record TestResult(NodeTest Test, IReadOnlyList<Failure> Failures, TimeSpan Took)
{
    public bool HasPassed => Failures.Count == 0;
}
