namespace MessageRouter.Configuration.Hocon.Resolution;

internal readonly record struct PathElement(string Key, SourceSpan Span);
