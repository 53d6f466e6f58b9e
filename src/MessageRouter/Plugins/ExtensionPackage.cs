using System.Reflection;
using System.Runtime.Loader;
using MessageRouter.Components;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Plugins;

/// <summary>
/// A package of the router's own that not everybody needs. It is a plug-in that stands beside the router: a reference to it is all that a host needs,
/// and it is loaded when a configuration first names what is in it.
/// </summary>
internal sealed class ExtensionPackage(string name)
{
    /// <summary>The C# compiler, and the filter <c>csharp</c>.</summary>
    public static readonly ExtensionPackage CSharp = new("MessageRouter.CSharp");

    /// <summary>NetMQ, for <c>engine = netmq</c> and <c>inproc://</c>.</summary>
    public static readonly ExtensionPackage NetMq = new("MessageRouter.NetMq");

    /// <summary>The control endpoint.</summary>
    public static readonly ExtensionPackage Control = new("MessageRouter.Control");

    /// <summary>CURVE, which registers nothing, for a component's <c>curve</c>.</summary>
    public static readonly ExtensionPackage Curve = new("MessageRouter.Curve");

    /// <summary>Many nodes as one, and the components <c>cluster</c>.</summary>
    public static readonly ExtensionPackage Cluster = new("MessageRouter.Cluster");

    private static readonly IReadOnlyList<ExtensionPackage> All = [CSharp, NetMq, Control, Curve, Cluster];

    private readonly Lazy<object?> _entry = new(() => Load(name));

    /// <summary>What it registers; null where the package is not there.</summary>
    public IPlugin? Plugin => (IPlugin?)_entry.Value;

    /// <summary>What CURVE is done by; null where the package is not there.</summary>
    public static ICurvePackage? CurvePackage => (ICurvePackage?)Curve._entry.Value;

    /// <summary>What is said where it is not there, after what needs it.</summary>
    public string Absence => $"needs the package {name}, which is not here";

    /// <summary>What to do about that.</summary>
    public string Cure => $"add it to the project: dotnet add package {name}";

    /// <summary>Whether an assembly is one of them.</summary>
    public static bool IsOne(string? assembly) => All.Any(package => package.Name == assembly);

    private string Name => name;

    private static object? Load(string name)
    {
        var router = AssemblyLoadContext.GetLoadContext(typeof(ExtensionPackage).Assembly) ?? AssemblyLoadContext.Default;
        Assembly assembly;
        try
        {
            assembly = router.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        return Activator.CreateInstance(assembly.GetExportedTypes().Single(type => type.IsAssignableTo(typeof(IPlugin)) || type.IsAssignableTo(typeof(ICurvePackage))))!;
    }
}
