using System.Reflection;

namespace MessageRouter.Plugins;

/// <summary>Why a type or member of a plug-in cannot be loaded, told for people.</summary>
/// <param name="Problem">A phrase that goes on behind the name of who needs it, without a full stop.</param>
/// <param name="Cure">What to do.</param>
internal sealed record LoadFailure(string Problem, string Cure)
{
    private const string Rebuild = "build it again with the packages of this version of the router";
    private const string Deploy = "put it beside the plug-in: `dotnet publish` does, and `dotnet build` with EnableDynamicLoading";

    /// <summary>What an exception says of loading; null where it is about something else.</summary>
    public static LoadFailure? Of(Exception exception) => exception switch
    {
        TargetInvocationException or TypeInitializationException => exception.InnerException is { } inner ? Of(inner) : null,
        ReflectionTypeLoadException types => types.LoaderExceptions.OfType<Exception>().Select(Of).FirstOrDefault(failure => failure is not null),
        FileNotFoundException { FileName: { } file } when IsAssembly(file) => Missing([new AssemblyName(file)]),
        FileLoadException { FileName: { } file } when IsAssembly(file) => new($"needs {Shown(new AssemblyName(file))}, which cannot be loaded", Rebuild),
        BadImageFormatException { FileName: { } file } => new($"needs {(IsAssembly(file) ? Shown(new AssemblyName(file)) : $"`{Path.GetFileName(file)}`")}, which is damaged or not a .NET assembly", Rebuild),
        DllNotFoundException => new($"needs a library that is not there: {FirstSentence(exception)}", Deploy),
        TypeLoadException or MissingMemberException => new($"was built with something else than what is here: {FirstSentence(exception)}", Rebuild),
        _ => null,
    };

    public static LoadFailure Missing(IReadOnlyList<AssemblyName> names) =>
        new($"needs {string.Join(" and ", names.Select(Shown))}, which cannot be found", Deploy);

    /// <summary>An assembly as people name it: <c>`Akka` 1.5.74</c>.</summary>
    public static string Shown(AssemblyName name) => $"`{name.Name}` {name.Version?.ToString(3)}".TrimEnd();

    /// <summary>What was thrown, without what reflection and static constructors put around it.</summary>
    public static Exception Cause(Exception exception) =>
        exception is TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner ? Cause(inner) : exception;

    /// <summary>An exception in a phrase: <c>InvalidOperationException: it is not the day</c>.</summary>
    public static string Told(Exception exception) => $"{exception.GetType().Name}: {FirstLine(exception).Split(" (Parameter")[0].TrimEnd('.')}";

    public static string FirstSentence(Exception exception) => FirstLine(exception).Split(". ")[0].TrimEnd('.');

    public PluginException ToException() => new(Problem, Cure);

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd('\r');

    /// <summary>Assemblies are named in full, with version and key; other files by their paths.</summary>
    private static bool IsAssembly(string file) => file.Contains(", Version=", StringComparison.Ordinal);
}
