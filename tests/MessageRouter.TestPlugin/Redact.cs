using System.ComponentModel;
using MessageRouter;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace Acme.Filters;

/// <summary>Replaces the values of some fields.</summary>
public sealed class Redact(Redact.Options options, ILogger logger, TimeProvider clock) : FilterActor
{
    protected override void Open() => logger.LogInformation("Redacting since {Time}.", clock.GetUtcNow());

    protected override Message? Filter(Message message) => message.Edit(body =>
    {
        foreach (var field in options.Fields)
        {
            if (body.ContainsKey(field)) body[field] = options.With;
        }
    });

    /// <summary>The filter's keys.</summary>
    /// <param name="Fields">The fields to replace.</param>
    /// <param name="With">What stands there instead.</param>
    public sealed record Options([Description("the fields to replace")] IReadOnlyList<string> Fields, string With = "***");
}
