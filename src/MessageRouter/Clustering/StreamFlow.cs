namespace MessageRouter.Clustering;

/// <summary>That what a node takes of one stream can leave it by another.</summary>
/// <param name="From">The stream that it takes.</param>
/// <param name="To">The stream that it feeds.</param>
internal sealed record StreamFlow(string From, string To);
