using System.Reflection;
using System.Runtime.Loader;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;

namespace MessageRouter.Plugins;

/// <summary>Finds before the start what would otherwise fail with the first message.</summary>
internal static class PluginChecks
{
    /// <summary>
    /// Everything that the plug-in was built with must be there, and what its own libraries were built with; what is shared
    /// must not be older.
    /// </summary>
    public static void References(PluginImage image, PluginContext context)
    {
        if (image.References.FirstOrDefault(reference => reference.Name == "System.Runtime" && reference.Version!.Major > Environment.Version.Major) is { Version: { } version })
            throw new PluginException($"is built for .NET {version.Major}, and this is .NET {Environment.Version.Major}", $"build it for net{Environment.Version.Major}.0");

        foreach (var reference in image.References)
        {
            if (PluginContext.Shared(reference)?.GetName() is { } shared && shared.Version < reference.Version)
            {
                throw new PluginException($"is built with {LoadFailure.Shown(reference)}, and the router has {LoadFailure.Shown(shared)}",
                    "build it with the router's version, or take the router that it was built for");
            }
        }
        var missing = MissingFrom(image.References, context);
        if (missing.Count > 0) throw LoadFailure.Missing(missing).ToException();
    }

    /// <summary>What the plug-in uses of shared assemblies must be in the router's copies.</summary>
    public static void Uses(PluginImage image, Module module)
    {
        foreach (var use in image.Uses)
        {
            try
            {
                module.ResolveMember(use.Token);
            }
            catch (Exception exception) when (exception is MissingMemberException or TypeLoadException)
            {
                var shared = PluginContext.Shared(use.Home)?.GetName() ?? use.Home;
                throw new PluginException($"uses `{use.Name}` of {LoadFailure.Shown(use.Home)} in a form that the router's {LoadFailure.Shown(shared)} does not have",
                    $"build it again with {LoadFailure.Shown(shared)}");
            }
        }
    }

    /// <summary>What the constructor and the options of a component are made of must be there, and options must be of types that keys can have.</summary>
    public static void Signatures(Type component)
    {
        foreach (var constructor in component.GetConstructors()) constructor.GetParameters();
        if (ComponentType.Of(component).OptionsType is not { } options || OptionTypes.FirstUnreadable(options) is not { } unreadable) return;
        throw new PluginException(
            $"has options that no configuration can set: `{unreadable.Key.Name}` of `{unreadable.Options.FullName!.Replace('+', '.')}` is a {unreadable.Key.Type}",
            $"options can be {OptionTypes.Names}");
    }

    /// <summary>What cannot be found of these, and of what they need in turn as far as they are the plug-in's own.</summary>
    private static List<AssemblyName> MissingFrom(IEnumerable<AssemblyName> references, PluginContext context)
    {
        var missing = new List<AssemblyName>();
        var toLoad = new Queue<AssemblyName>(references);
        var seen = new HashSet<string>();
        while (toLoad.TryDequeue(out var reference))
        {
            if (!seen.Add(reference.FullName)) continue;
            try
            {
                var assembly = context.LoadFromAssemblyName(reference);

                // The router and .NET have what they need themselves.
                if (AssemblyLoadContext.GetLoadContext(assembly) != context) continue;
                foreach (var next in assembly.GetReferencedAssemblies()) toLoad.Enqueue(next);
            }
            catch (FileNotFoundException)
            {
                missing.Add(reference);
            }
        }
        return missing;
    }
}
