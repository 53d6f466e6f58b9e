namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Counts the fields and elements of all texts, up to a limit.</summary>
internal sealed class ValueCount(int limit)
{
    private int _left = limit;

    public bool Add() => --_left >= 0;
}
