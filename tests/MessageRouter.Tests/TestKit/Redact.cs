using MessageRouter.Components;

namespace MessageRouter.Tests.TestKit;

/// <summary>The filter of the test kit's example.</summary>
public sealed class Redact(Redact.Options options) : FilterActor
{
    protected override Message? Filter(Message message) => message.Edit(body =>
    {
        foreach (var field in options.Fields) body.Remove(field);
    });

    public sealed record Options(IReadOnlyList<string> Fields);
}
