using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using MessageRouter.Zmtp;

namespace MessageRouter.Plugins;

/// <summary>
/// Where one build of a plug-in lives. What the router and its components speak with each other is the router's own, so that a
/// plug-in's filter is the router's filter; everything else, native libraries and resources too, is the plug-in's, so that two
/// plug-ins may use two versions of one library. It is unloaded when no configuration has a component of it any more
/// (<see cref="Components.ComponentType.Context"/>), and its last instance is gone.
/// </summary>
/// <remarks>Files are read once and loaded from memory: one that is mapped, and written anew by a build, would take the process with it.</remarks>
internal sealed class PluginContext : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext Router = GetLoadContext(typeof(PluginContext).Assembly) ?? Default;

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _path;
    private byte[] _image;
    private readonly Lock _loading = new();
    private readonly Dictionary<string, Assembly> _assemblies = [];

    /// <summary>What it is made of: the hashes of files as they were read, empty for one that was not there.</summary>
    private readonly Dictionary<string, string> _files = [];
    private volatile bool _isUsable;

    /// <param name="path">The plug-in's assembly.</param>
    /// <param name="image">What stands in that file.</param>
    public PluginContext(string path, byte[] image)
        : base(Path.GetFileNameWithoutExtension(path), isCollectible: true)
    {
        (_path, _image) = (path, image);
        var dependencies = Path.ChangeExtension(path, ".deps.json");
        _files[dependencies] = HashOf(dependencies);
        _resolver = new AssemblyDependencyResolver(path);
        Unloading += _ => End();
    }

    /// <summary>The plug-in itself.</summary>
    public Assembly Assembly => Load(_path);

    /// <summary>That of a plug-in which is in use, where all that it was loaded from is still the same; else null.</summary>
    public static PluginContext? Current(string path) =>
        All.OfType<PluginContext>().FirstOrDefault(context => context._path == path && context._isUsable && context.IsUnchanged());

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

    /// <summary>It has passed all checks: who needs the same again takes it.</summary>
    public void Share() => _isUsable = true;

    protected override Assembly? Load(AssemblyName name) =>
        Shared(name) ?? (_resolver.ResolveAssemblyToPath(name) is { } file ? Load(file) : null);

    protected override nint LoadUnmanagedDll(string name) =>
        _resolver.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : nint.Zero;

    private static string HashOf(string file) => File.Exists(file) && !FileKind.IsSpecial(file) ? HashOf(File.ReadAllBytes(file)) : "";

    private static string HashOf(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private Assembly Load(string file)
    {
        lock (_loading)
        {
            if (_assemblies.TryGetValue(file, out var known)) return known;
            var image = file == _path ? _image : PluginImage.Checked(file);
            _files[file] = HashOf(image);
            if (file == _path) _image = [];
            using var assembly = new MemoryStream(image, writable: false);
            using var symbols = PluginImage.SymbolsOf(image, file) is { } bytes ? new MemoryStream(bytes, writable: false) : null;
            return _assemblies[file] = LoadFromStream(assembly, symbols);
        }
    }

    /// <summary>The runtime holds it until all that was loaded is gone; so it must not hold that.</summary>
    private void End()
    {
        _isUsable = false;
        lock (_loading) _assemblies.Clear();
    }

    private bool IsUnchanged()
    {
        lock (_loading) return _files.All(file => HashOf(file.Key) == file.Value);
    }
}
