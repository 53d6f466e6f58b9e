namespace MessageRouter.Configuration.Hocon;

internal enum HoconScalarKind
{
    Null,
    Boolean,
    Number,
    String,
}
