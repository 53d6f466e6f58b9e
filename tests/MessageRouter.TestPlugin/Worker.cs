using MessageRouter;
using MessageRouter.Components;

namespace MyApp;

/// <summary>Marks what it has worked on.</summary>
public sealed class MessageWorker : FilterActor
{
    protected override Message? Filter(Message message) => message.With("worked", true);
}
