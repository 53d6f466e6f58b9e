using System.ComponentModel;
using MessageRouter;
using MessageRouter.Components;
using Newtonsoft.Json.Linq;

namespace Acme.Filters;

/// <summary>Makes a message of each element of a list.</summary>
public sealed class Split(Split.Options options) : EmittingFilterActor
{
    protected override void Process(Message message)
    {
        foreach (var item in message.Field(options.Field) as JArray ?? []) Emit(Message.FromBody(item));
    }

    /// <summary>The filter's keys.</summary>
    /// <param name="Field">The field with the list.</param>
    public sealed record Options([Description("the field with the list")] string Field);
}
