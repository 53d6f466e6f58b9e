using System.Reflection;
using System.Runtime.Loader;
using MessageRouter.Components;

namespace MessageRouter.Plugins;

/// <summary>Loads assemblies with custom components, each with its own dependencies, and lets them register.</summary>
internal static class PluginLoader
{
    /// <summary>Loads a plug-in.</summary>
    /// <exception cref="PluginException">It cannot be used; the message says why and what to do.</exception>
    public static Assembly Load(string path, ComponentRegistry registry)
    {
        var fullPath = Path.GetFullPath(path);
        if (!File.Exists(fullPath)) throw new PluginException($"there is no file `{path}`");
        try
        {
            var assembly = new PluginContext(fullPath).LoadFromAssemblyPath(fullPath);
            foreach (var type in assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IPlugin)) && !type.IsAbstract))
                ((IPlugin)Activator.CreateInstance(type)!).Register(registry);
            return assembly;
        }
        catch (BadImageFormatException exception)
        {
            throw new PluginException($"`{path}` is not a .NET assembly", exception);
        }
        catch (Exception exception) when (exception is not PluginException)
        {
            var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            throw new PluginException($"`{path}` cannot be loaded: {cause.Message}", cause);
        }
    }

    /// <summary>What the router itself uses is shared, so that a plug-in's filter is the router's filter; the rest is the plug-in's own.</summary>
    private sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (Default.Assemblies.FirstOrDefault(loaded => loaded.GetName().Name == name.Name) is { } shared && IsShared(name)) return shared;
            return _resolver.ResolveAssemblyToPath(name) is { } file && !IsShared(name) ? LoadFromAssemblyPath(file) : null;
        }

        private static bool IsShared(AssemblyName name) =>
            name.Name is "MessageRouter" or "Newtonsoft.Json" || name.Name!.StartsWith("Akka", StringComparison.Ordinal)
                || name.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
    }
}

/// <summary>A plug-in cannot be used.</summary>
public sealed class PluginException(string message, Exception? cause = null) : Exception(message, cause);
