using Microsoft.Extensions.Logging;

namespace MessageRouter.CSharp;

/// <summary>A script after compilation: the class it became, or what is wrong with it.</summary>
internal sealed record CompiledScript(Type? Class, IReadOnlyList<ScriptError> Errors)
{
    /// <exception cref="InvalidOperationException">The script has errors.</exception>
    public Func<Message, Message?> Create(ILogger logger, TimeProvider clock) => Class is null
        ? throw new InvalidOperationException($"The C# does not compile: {string.Join("; ", Errors.Select(error => error.Message))}.")
        : Class.GetMethod(ScriptCompiler.MethodName)!.CreateDelegate<Func<Message, Message?>>(Activator.CreateInstance(Class, logger, clock));
}
