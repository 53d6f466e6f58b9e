using System.Runtime.CompilerServices;

namespace MessageRouter.Extensions.Logging;

/// <summary>The values of an event, where they are few: <c>LoggerMessage</c> defines none with more.</summary>
[InlineArray(Most)]
internal struct EventValues
{
    public const int Most = 6;

    private object? _first;
}
