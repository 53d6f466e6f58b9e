using System.ComponentModel;
using MessageRouter;
using MessageRouter.Components;

namespace FilterNamespace;

/// <summary>Lets the messages of one level pass, and marks them as worked on. All others end here.</summary>
public sealed class FilterClass(FilterClass.Options options) : FilterActor
{
    /// <returns>The message, another one, or null so that nothing goes on.</returns>
    protected override Message? Filter(Message message)
    {
        if (message["level"] != options.Level) return null;
        return message.With("worker", options.Worker);
    }

    /// <summary>The keys of the filter's block in the configuration, checked before the start.</summary>
    public sealed record Options(
        [Description("the level of the messages that pass")] string Level = "error",
        [Description("what the field `worker` is set to")] string Worker = "FilterClass");
}
