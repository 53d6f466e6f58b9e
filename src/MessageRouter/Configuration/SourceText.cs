namespace MessageRouter.Configuration;
/// <summary>x</summary>
public sealed record SourceText(string Name, string Text, SourceSpan? IncludedFrom = null);
/// <summary>x</summary>
public sealed record SourceSpan(SourceText Source, int Line, int Column, int Length);
