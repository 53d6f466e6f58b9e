using System.ComponentModel;
using MessageRouter;
using MessageRouter.Components;

namespace MyApp;

/// <summary>Works on the messages of one level and says so in them; others go no further.</summary>
public sealed class MessageWorker(MessageWorker.Options options) : FilterActor
{
    /// <inheritdoc/>
    protected override Message? Filter(Message message) =>
        message["level"] == options.Level ? message.With("worker", options.Name) : null;

    /// <summary>The filter's keys.</summary>
    /// <param name="Level">The level of the messages that it works on.</param>
    /// <param name="Name">What it calls itself.</param>
    public sealed record Options(
        [Description("the level of the messages that it works on")] string Level = "error",
        [Description("what it calls itself")] string Name = "mine");
}
