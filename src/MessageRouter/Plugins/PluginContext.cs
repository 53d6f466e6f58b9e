using System.Reflection;
using System.Runtime.Loader;

namespace MessageRouter.Plugins;

/// <summary>
/// Where one plug-in lives. What the router and its components speak with each other is the router's own, so that a
/// plug-in's filter is the router's filter; everything else, native libraries and resources too, is the plug-in's, so that two
/// plug-ins may use two versions of one library.
/// </summary>
internal sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly AssemblyLoadContext Router = GetLoadContext(typeof(PluginContext).Assembly) ?? Default;
    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <summary>Whether the router's copy is used where the router has one.</summary>
    public static bool IsShared(AssemblyName name) =>
        name.Name is "MessageRouter" or "MessageRouter.Zmtp" or "Newtonsoft.Json" or "Akka"
            || name.Name!.StartsWith("Akka.", StringComparison.Ordinal)
            || name.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);

    /// <summary>The router's copy of a shared assembly; null where it has none, and where nothing is shared.</summary>
    public static Assembly? Shared(AssemblyName name)
    {
        if (!IsShared(name)) return null;
        try
        {
            // Without the version: an older copy would not be found, and be missed by a name that is misleading.
            return Router.LoadFromAssemblyName(new AssemblyName(name.Name!));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    protected override Assembly? Load(AssemblyName name) =>
        Shared(name) ?? (_resolver.ResolveAssemblyToPath(name) is { } file ? LoadFromAssemblyPath(file) : null);

    protected override nint LoadUnmanagedDll(string name) =>
        _resolver.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : nint.Zero;
}
