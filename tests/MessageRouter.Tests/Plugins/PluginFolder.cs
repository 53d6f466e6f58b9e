using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace MessageRouter.Tests.Plugins;

/// <summary>A folder with plug-ins that a test compiles from its sources.</summary>
internal sealed class PluginFolder(string root)
{
    private const string Usings = """
        using System;
        using System.Reflection;
        using System.Runtime.InteropServices;
        using MessageRouter;
        using MessageRouter.Components;

        """;

    private static readonly IReadOnlyList<PortableExecutableReference> Platform =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    public string this[string file] => Path.Combine(root, file);

    /// <summary>Compiles an assembly into <paramref name="file"/>, whose name it has; what it is built with wins over the router's own assemblies.</summary>
    /// <returns>The path of the file.</returns>
    public string Compile(string file, string source, string version = "1.0.0", params string[] references)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        var own = references.Select(Path.GetFileName).ToHashSet();
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(file),
            [
                CSharpSyntaxTree.ParseText(SourceText.From(Usings + source)),
                CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]"),
            ],
            Platform.Where(reference => !own.Contains(Path.GetFileName(reference.FilePath))).Concat(references.Select(path => MetadataReference.CreateFromFile(path))),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(this[file]);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return this[file];
    }

    /// <summary>Writes the first part of a file that there is.</summary>
    public void Truncate(string file, string of, double part)
    {
        var bytes = File.ReadAllBytes(of);
        File.WriteAllBytes(this[file], bytes[..(int)(bytes.Length * part)]);
    }
}
