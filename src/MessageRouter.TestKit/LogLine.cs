using Microsoft.Extensions.Logging;

namespace MessageRouter.TestKit;

/// <summary>One line of a node's log.</summary>
/// <param name="Level">Its level; all from Debug on are kept.</param>
/// <param name="Category">Who wrote it: a component's full name, such as <c>filters.subject</c>.</param>
/// <param name="Text">The finished text.</param>
public sealed record LogLine(LogLevel Level, string Category, string Text);
