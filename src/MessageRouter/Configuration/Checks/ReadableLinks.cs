using MessageRouter.Components;
using MessageRouter.Security;

namespace MessageRouter.Configuration.Checks;

/// <summary>Finds where passwords leave the machine so that somebody on the way can read them.</summary>
internal static class ReadableLinks
{
    /// <summary>Each as a part of a sentence: the endpoint, and whose it is.</summary>
    public static IEnumerable<string> Of(IEnumerable<ComponentDefinition> components) =>
        from component in components
        let options = component.Options as ISecured
        where options?.Security is { IsReadable: true }
        from link in options.ReadableLinks
        select $"{link} ({component.FullName})";
}
