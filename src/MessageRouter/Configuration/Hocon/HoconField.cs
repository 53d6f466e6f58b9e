namespace MessageRouter.Configuration.Hocon;

internal sealed record HoconField(string Key, SourceSpan KeySpan, HoconValue Value);
