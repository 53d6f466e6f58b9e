using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Routing;
using MessageRouter.Workers;

namespace MessageRouter.Reloading;

/// <summary>A reload could not be carried out: everything is as it was before it, but for what could not be started again (<see cref="NotTakenBack"/>).</summary>
public sealed class ReloadException : Exception
{
    private readonly IReadOnlyList<ReloadException> _notTakenBack = [];
    private readonly Diagnostic? _finding;
    private readonly (string Report, IReadOnlyList<string> NotTakenBack)? _said;

    internal ReloadException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    private ReloadException(ReloadException failure, IReadOnlyList<ReloadException> notTakenBack)
        : base($"{failure.Message.TrimEnd('.')}. What it was to replace could not be started again as it had been, and does not work: {string.Join(", ", notTakenBack.Select(Name))}.", failure.InnerException)
    {
        (_notTakenBack, _finding) = (notTakenBack, failure.Finding);
    }

    private ReloadException(string message, string report, IReadOnlyList<string> notTakenBack)
        : base(message)
    {
        _said = (report, notTakenBack);
    }

    /// <summary>
    /// Names of components that do not work any more: they had to end before what was to take their place could be opened, and could not be started again as they had been.
    /// None where everything is as it was.
    /// </summary>
    public IReadOnlyList<string> NotTakenBack => _said?.NotTakenBack ?? [.. _notTakenBack.Select(Name)];

    /// <summary>What is wrong, with its place in the file, ready to print.</summary>
    public string Report => _said?.Report ?? DiagnosticPrinter.Print([Finding, .. _notTakenBack.Select(Again)], Outcome);

    private string Outcome => _notTakenBack.Count == 0 ? DiagnosticPrinter.NothingChanged
        : $"{string.Join(", ", NotTakenBack)} {(_notTakenBack.Count == 1 ? "does" : "do")} not work any more, and all else is as it was";

    private Diagnostic Finding => _finding ?? InnerException switch
    {
        ComponentStartException component => component.Finding,
        WorkerStartException worker => worker.Finding,
        _ => new Diagnostic(DiagnosticSeverity.Error, Message.TrimEnd('.'), null),
    };

    internal static ReloadException Because(Exception cause) => new(cause.Message, cause);

    internal static ReloadException NotInTime(ComponentDefinition component, TimeSpan limit) =>
        Because(new ComponentStartException(component, new TimeoutException($"it has not opened what it needs within {limit.TotalSeconds:0.###} s")));

    /// <summary>The same, where components could not be started again as they had been.</summary>
    internal ReloadException AndNotTakenBack(IReadOnlyList<ReloadException> notTakenBack) => new(this, notTakenBack);

    /// <summary>What it says, for who keeps it: a plug-in of which the components are can be unloaded.</summary>
    internal ReloadException WithoutDefinitions() => new(Message, Report, NotTakenBack);

    private static string Name(ReloadException failure) => ((ComponentStartException)failure.InnerException!).Component.FullName;

    private static Diagnostic Again(ReloadException failure)
    {
        var component = (ComponentStartException)failure.InnerException!;
        return new Diagnostic(DiagnosticSeverity.Error, $"{component.Component.FullName} could not be started again as it had been: {(component.LoadFailure?.Problem ?? component.InnerException!.Message).TrimEnd('.')}", component.Place, component.LoadFailure?.Cure);
    }
}
