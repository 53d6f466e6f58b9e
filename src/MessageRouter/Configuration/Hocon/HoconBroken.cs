namespace MessageRouter.Configuration.Hocon;

/// <summary>Stands where a value could not be read or found out. That was reported, and nothing that follows from it is reported again.</summary>
internal sealed class HoconBroken(SourceSpan span) : HoconValue(span);
