using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace MessageRouter.CSharp;

/// <summary>The assemblies that scripts can use, as the process has them in memory: it may have no files of them.</summary>
internal static class ScriptReferences
{
    private static readonly string[] OfTheRuntime =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Collections.Concurrent", "System.ComponentModel.Primitives",
        "System.ComponentModel.TypeConverter", "System.Linq", "System.Linq.Expressions", "System.Memory", "System.Net.Primitives", "System.ObjectModel",
        "System.Private.Uri", "System.Security.Cryptography", "System.Text.Json", "System.Text.RegularExpressions",
    ];

    /// <exception cref="FileNotFoundException">The program was built without one of them.</exception>
    /// <exception cref="NotSupportedException">It was built without what the compiler has to know of them.</exception>
    public static IEnumerable<MetadataReference> All() =>
        OfTheRuntime.Select(Assembly.Load)
            .Concat([typeof(Message).Assembly, typeof(JToken).Assembly, typeof(ILogger).Assembly])
            .Select(Reference);

    private static unsafe MetadataReference Reference(Assembly assembly) =>
        assembly.TryGetRawMetadata(out var metadata, out var length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)metadata, length)).GetReference()
            : throw new NotSupportedException($"There is no metadata of {assembly.GetName().Name}.");
}
