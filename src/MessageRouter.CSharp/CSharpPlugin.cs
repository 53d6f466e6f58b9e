using MessageRouter.Components;
using MessageRouter.Control;
using Microsoft.Extensions.Logging.Abstractions;

namespace MessageRouter.CSharp;

/// <summary>The filter <c>csharp</c>: C# that stands in the configuration. The router finds it by the package's reference alone.</summary>
public sealed class CSharpPlugin : IPlugin, IBringsConditions
{
    /// <inheritdoc/>
    public void Register(ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<CSharpFilter>("csharp", "Passes or changes messages by C# that stands in the configuration.", """"{ type = csharp, when = """message["level"] == "error" && message["n"] > 5""", to = [out] }"""");
    }

    Func<Message, bool>? IBringsConditions.Compile(string text, out IReadOnlyList<(int Start, int Length, string Problem, string? Hint)> problems)
    {
        var script = ScriptCompiler.CompileCondition(text);
        problems = [.. script.Errors.Select(error => (error.Start, error.Length, error.Message, error.Hint))];
        if (script.Class is null) return null;
        var filter = script.Create(NullLogger.Instance, TimeProvider.System);
        return message => filter(message) is not null;
    }
}
