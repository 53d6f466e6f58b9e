using System.Diagnostics;
using MessageRouter;
using MessageRouter.Components;

namespace Acme.Filters;

/// <summary>Writes into each message when it was here, by a clock that all processes of a machine have in common.</summary>
public sealed class Stamp(Stamp.Options options) : FilterActor
{
    protected override Message? Filter(Message message) => message.With(options.Field, Stopwatch.GetTimestamp());

    /// <summary>The filter's keys.</summary>
    /// <param name="Field">The field with the time.</param>
    public sealed record Options(string Field);
}
