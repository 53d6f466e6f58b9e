using MessageRouter.Components;

namespace MessageRouter.CSharp;

/// <summary>The filter <c>csharp</c>: C# that stands in the configuration. The router finds it by the package's reference alone.</summary>
public sealed class CSharpPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<CSharpFilter>("csharp", "Passes or changes messages by C# that stands in the configuration.", """"{ type = csharp, when = """message["level"] == "error" && message["n"] > 5""", to = [out] }"""");
    }
}
