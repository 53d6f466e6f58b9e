using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MessageRouter.CSharp;

/// <summary>
/// Compiles the C# of a configuration. The compiler is loaded by the first script; what it knows about the references then
/// serves those that follow, and is given back when no more do.
/// </summary>
internal static class ScriptCompiler
{
    /// <summary>What is called for each message.</summary>
    public const string MethodName = "Filter";

    private const string ClassName = "Script";

    private const string Head = $$"""
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.Linq;
        using System.Text;
        using System.Text.RegularExpressions;
        using MessageRouter;
        using Microsoft.Extensions.Logging;
        using Newtonsoft.Json.Linq;
        public sealed class {{ClassName}}(ILogger logger, TimeProvider clock)
        {

        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);
    private static readonly WeakReference<CSharpCompilation> Shared = new(null!);

    /// <summary>Compiles an expression that says which messages pass.</summary>
    public static CompiledScript CompileCondition(string text)
    {
        if (ScriptSize.Problem(text, Parsing) is { } tooLarge) return new CompiledScript(null, [tooLarge]);
        var problems = SyntaxFactory.ParseExpression(text, options: Parsing, consumeFullText: true).GetDiagnostics();
        return Refuse(problems, text, offset: 0)
            ?? Compile($"public Message {MethodName}(Message message) => Passes(message) ? message : null;\nbool Passes(Message message) =>\n", text, "\n;");
    }

    /// <summary>Compiles the body of a method that takes a message and returns what goes on.</summary>
    public static CompiledScript CompileBody(string text)
    {
        if (ScriptSize.Problem(text, Parsing) is { } tooLarge) return new CompiledScript(null, [tooLarge]);
        // Read by itself first: a brace too many would otherwise end what stands around it.
        var problems = SyntaxFactory.ParseStatement($"{{{text}\n}}", options: Parsing, consumeFullText: true).GetDiagnostics();
        return Refuse(problems, text, offset: 1) ?? Compile($"public Message {MethodName}(Message message)\n{{\n", text, "\n}");
    }

    private static CompiledScript Compile(string before, string text, string after)
    {
        var tree = CSharpSyntaxTree.ParseText($"{Head}{before}{text}{after}\n}}", Parsing);
        using var assembly = new MemoryStream();
        try
        {
            var emitted = References().AddSyntaxTrees(tree).Emit(assembly);
            if (Refuse(emitted.Diagnostics, text, Head.Length + before.Length) is { } refused) return refused;
        }
        catch (Exception exception) when (exception is FileNotFoundException or NotSupportedException)
        {
            return new CompiledScript(null, [new ScriptError(0, text.Length, $"C# cannot be compiled here: {exception.Message.TrimEnd('.')}", "run a program that was not trimmed")]);
        }
        assembly.Position = 0;
        return new CompiledScript(new ScriptContext().LoadFromStream(assembly).GetType(ClassName), []);
    }

    private static CSharpCompilation References()
    {
        if (Shared.TryGetTarget(out var shared)) return shared;
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release);
        shared = CSharpCompilation.Create("csharp filter", references: ScriptReferences.All(), options: options);
        Shared.SetTarget(shared);
        return shared;
    }

    private static CompiledScript? Refuse(IEnumerable<Diagnostic> diagnostics, string text, int offset)
    {
        var errors = ScriptErrors.Of(diagnostics, text, offset);
        return errors.Count > 0 ? new CompiledScript(null, errors) : null;
    }

    /// <summary>Goes with the last of what it was loaded for.</summary>
    private sealed class ScriptContext() : AssemblyLoadContext("csharp filter", isCollectible: true)
    {
        private static readonly AssemblyLoadContext Router = GetLoadContext(typeof(Message).Assembly)!;

        protected override Assembly? Load(AssemblyName assemblyName) => Router.LoadFromAssemblyName(assemblyName);
    }
}
