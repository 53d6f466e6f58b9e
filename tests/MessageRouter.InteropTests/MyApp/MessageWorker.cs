using MessageRouter;
using MessageRouter.Components;

namespace MyApp;

/// <summary>The worker of the original's documentation, written for the router. The node loads this assembly as a plug-in.</summary>
public sealed class MessageWorker : FilterActor
{
    protected override Message? Filter(Message message)
    {
        Console.Out.WriteLine($"worked on {message["n"]}");
        return null;
    }
}
