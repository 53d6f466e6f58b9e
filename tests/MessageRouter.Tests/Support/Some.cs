using MessageRouter.Components;
using MessageRouter.Outputs;
using MessageRouter.Routing;

namespace MessageRouter.Tests.Support;

/// <summary>Definitions for tests that do not care about the rest.</summary>
internal static class Some
{
    public static ComponentDefinition Component<TActor>(string name, object? options = null, params string[] to)
        where TActor : ComponentActor
    {
        var type = ComponentType.Of(typeof(TActor));
        return new ComponentDefinition { Role = type.Role, Name = name, Type = type, Options = options, To = to };
    }

    public static ComponentDefinition Sink(string name = "sink") => Component<TestOutput>(name);

    public static NodeDefinition Node(params ComponentDefinition[] components) => new()
    {
        Name = "test",
        Components = components,
        Errors = Component<TestOutput>(""),
    };

    /// <summary>Connects each component to the next and the last one to a sink.</summary>
    public static NodeDefinition Chain(params ComponentDefinition[] components)
    {
        var all = components.ToList();
        if (all[^1].Role != ComponentRole.Output) all.Add(Sink());
        for (var i = 0; i < all.Count - 1; i++) all[i] = all[i] with { To = [all[i + 1].Name] };
        return Node([.. all]);
    }

    public static Message Json(int n) => Message.FromJson($$"""{"n":{{n}}}""");

    public static MessageBatch Batch(int from, int count) => MessageBatch.Of(Enumerable.Range(from, count).Select(Json));
}
