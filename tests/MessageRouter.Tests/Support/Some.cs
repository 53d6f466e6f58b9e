using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Mailboxes;
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

        // Long, for tests that move the clock until the node has stopped.
        DrainTimeout = TimeSpan.FromHours(1),
    };

    /// <summary>Connects each component to the next and the last one to a sink.</summary>
    public static NodeDefinition Chain(params ComponentDefinition[] components)
    {
        var all = components.ToList();
        if (all[^1].Role != ComponentRole.Output) all.Add(Sink());
        for (var i = 0; i < all.Count - 1; i++) all[i] = all[i] with { To = [all[i + 1].Name] };
        return Node([.. all]);
    }

    /// <summary>The component with other bounds of its mailbox.</summary>
    public static ComponentDefinition Bounded(this ComponentDefinition component, int capacity, Overflow? overflow = null) =>
        component with { Mailbox = new MailboxOptions { Capacity = capacity, Overflow = overflow } };

    /// <summary>The component with another bound of its mailbox in bytes.</summary>
    public static ComponentDefinition BoundedInBytes(this ComponentDefinition component, long maxBytes, Overflow? overflow = null) =>
        component with { Mailbox = new MailboxOptions { MaxBytes = maxBytes, Overflow = overflow } };

    /// <summary>The component with another supervision.</summary>
    public static ComponentDefinition On(this ComponentDefinition component, OnError onError) =>
        component with { Supervision = component.Supervision with { OnError = onError } };

    public static ComponentDefinition To(this ComponentDefinition component, params string[] to) => component with { To = to };

    public static string Text(int n) => $$"""{"n":{{n}}}""";

    public static IEnumerable<string> Texts(int from, int count) => Enumerable.Range(from, count).Select(Text);

    /// <summary>What is wrong with a component's options, each with the key it is about.</summary>
    public static IReadOnlyList<string> Problems(IValidatableObject options) =>
        options.Validate(new ValidationContext(options)).Select(problem => $"{problem.MemberNames.First()} {problem.ErrorMessage}").ToList();

    public static Message Json(int n) => Message.FromJson($$"""{"n":{{n}}}""");

    /// <summary>A message of so many bytes, at least 20, with the number <paramref name="n"/>.</summary>
    public static Message Sized(int n, int bytes)
    {
        var text = $$"""{"n":{{n}},"p":""}""";
        return Message.FromJson(text.Insert(text.Length - 2, new string('x', bytes - text.Length)));
    }

    /// <summary>Numbered messages of so many bytes each.</summary>
    public static MessageBatch SizedBatch(int from, params IEnumerable<int> sizes) => MessageBatch.Of(sizes.Select((bytes, index) => Sized(from + index, bytes)));

    public static MessageBatch Batch(int from, int count) => MessageBatch.Of(Enumerable.Range(from, count).Select(Json));
}
