using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Routing;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <summary>A reload could not be carried out: everything is as it was before it.</summary>
public sealed class ReloadException : Exception
{
    internal ReloadException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>What is wrong, with its place in the file, ready to print.</summary>
    public string Report => DiagnosticPrinter.Print([Finding], DiagnosticPrinter.NothingChanged);

    private Diagnostic Finding => InnerException switch
    {
        ComponentStartException component => component.Finding,
        WorkerStartException worker => worker.Finding,
        _ => new Diagnostic(DiagnosticSeverity.Error, Message.TrimEnd('.'), null),
    };

    internal static ReloadException Because(Exception cause) => new(cause.Message, cause);

    internal static ReloadException NotInTime(ComponentDefinition component, TimeSpan limit) =>
        Because(new ComponentStartException(component, new TimeoutException($"it has not opened what it needs within {limit.TotalSeconds:0.###} s")));
}
