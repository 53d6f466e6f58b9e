using MessageRouter.Configuration;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Expectations;

/// <summary>Whether supervision has ended a component.</summary>
internal sealed record StopExpectation(string Component, SourceSpan Place, bool IsStopped) : Expectation(Component, Place)
{
    public override Failure? Check(Outcome outcome) =>
        outcome.Stopped.Contains(Component) == IsStopped
            ? null
            : new Failure($"{Component} has {(IsStopped ? "not been" : "been")} stopped by its supervision", Place);
}
