using System.Net.Sockets;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Plugins;

namespace MessageRouter.Routing;

/// <summary>A component could not be started; the node was not started either.</summary>
public sealed class ComponentStartException : Exception
{
    internal ComponentStartException(ComponentDefinition component, Exception cause)
        : base($"{component.FullName} could not be started: {LoadFailure.Of(cause)?.Problem ?? cause.Message}", cause)
    {
        Component = component;
        LoadFailure = LoadFailure.Of(cause);
    }

    /// <summary>The component.</summary>
    public ComponentDefinition Component { get; }

    /// <summary>Where the value stands that it failed on; its block where that is not known; null where it was made in code.</summary>
    public SourceSpan? Place => Component.PlaceOf((InnerException as OpenFailedException)?.Named);

    /// <summary>Whether something outside the node, a file or an endpoint, is what could not be opened.</summary>
    public bool IsUnavailable => LoadFailure is null && InnerException is IOException or UnauthorizedAccessException or SocketException;

    /// <summary>The report, with its place in the configuration; with the exception behind it only where that is no matter of files, endpoints and plug-ins.</summary>
    public override string ToString() => IsUnavailable || LoadFailure is not null ? Report.TrimEnd() : $"{Report}{InnerException}";

    /// <summary>What is wrong, where, and what to do about it, ready to print.</summary>
    internal string Report => DiagnosticPrinter.Print([Finding]);

    internal Diagnostic Finding => new(DiagnosticSeverity.Error, Message.TrimEnd('.'), Place, LoadFailure?.Cure);

    /// <summary>What of its plug-in cannot be loaded; null where something else has failed.</summary>
    internal LoadFailure? LoadFailure { get; }
}
