using MessageRouter.Configuration;

namespace MessageRouter.Testing.Expectations;

/// <summary>One thing that is not as a test expects it.</summary>
/// <param name="Message">What, as a phrase.</param>
/// <param name="Place">The expectation.</param>
/// <param name="Details">What differs, a line each.</param>
internal sealed record Failure(string Message, SourceSpan Place, params IReadOnlyList<string> Details);
