namespace MessageRouter.Plugins;

/// <summary>A plug-in cannot be used. The message goes on behind its name: <c>`x.dll` is not a .NET assembly</c>.</summary>
internal sealed class PluginException(string message, string? cure = null) : Exception(message)
{
    public string? Cure { get; } = cure;
}
