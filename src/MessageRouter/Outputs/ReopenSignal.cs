namespace MessageRouter.Outputs;

/// <summary>Tells outputs to open their files anew, as log rotation asks for with SIGHUP: a singleton of the host.</summary>
internal sealed class ReopenSignal
{
    /// <summary>Raised on any thread; handlers return at once.</summary>
    public event Action? Raised;

    public void Raise() => Raised?.Invoke();
}
