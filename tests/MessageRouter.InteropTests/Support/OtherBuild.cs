using System.Diagnostics;
using System.Text;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// The command as another version of the router has it, which knows no C# in a configuration: the same assemblies, in which nothing but the number of the version is another one, without the package of the compiler.
/// </summary>
internal static class OtherBuild
{
    /// <summary>The package that it does not have.</summary>
    public const string Lacks = "MessageRouter.CSharp";

    /// <summary>What the assemblies say: the version, and where the sources are in a repository the commit.</summary>
    private static readonly string Said = FileVersionInfo.GetVersionInfo(RouterProcess.Command).ProductVersion!;

    /// <summary>The version of the command that is tested.</summary>
    public static string FormerVersion { get; } = Said.Split('+')[0];

    public static string Version { get; } = $"9{FormerVersion[1..]}";

    /// <summary>Makes it in a folder.</summary>
    /// <returns>The assembly of its command.</returns>
    public static string MakeIn(string folder)
    {
        Directory.CreateDirectory(folder);

        // What names all assemblies names that of the package too: without it there is what is in the folder.
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(RouterProcess.Command)!).Where(file => !file.EndsWith(".deps.json", StringComparison.Ordinal) && Path.GetFileName(file) != $"{Lacks}.dll"))
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            if (!IsOwn(file)) File.CreateSymbolicLink(copy, file);
            else if (file.EndsWith(".dll", StringComparison.Ordinal)) File.WriteAllBytes(copy, WithOtherVersion(File.ReadAllBytes(file)));
            else File.Copy(file, copy);
        }
        return Path.Combine(folder, Path.GetFileName(RouterProcess.Command));
    }

    private static bool IsOwn(string file) => Path.GetFileName(file) is var name && (name.StartsWith("MessageRouter.", StringComparison.Ordinal) || name.StartsWith("message-router.", StringComparison.Ordinal));

    private static byte[] WithOtherVersion(byte[] assembly)
    {
        var (former, other) = (AttributeOf(FormerVersion), AttributeOf(Version));
        for (var at = assembly.AsSpan().IndexOf(former); at >= 0; at = assembly.AsSpan().IndexOf(former)) other.CopyTo(assembly, at);
        return assembly;
    }

    /// <summary>How the attribute that has the version begins: with the length of what is in it.</summary>
    private static byte[] AttributeOf(string version) => [(byte)Said.Length, .. Encoding.UTF8.GetBytes(version)];
}
