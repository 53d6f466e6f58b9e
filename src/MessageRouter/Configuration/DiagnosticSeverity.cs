namespace MessageRouter.Configuration;

/// <summary>What a finding means for the start.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Nothing may be started.</summary>
    Error,

    /// <summary>The configuration can be used, but probably does not mean what was intended.</summary>
    Warning,
}
