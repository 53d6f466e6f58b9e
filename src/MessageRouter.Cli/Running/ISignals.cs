namespace MessageRouter.Cli.Running;

/// <summary>What the operating system tells a process.</summary>
internal interface ISignals
{
    /// <summary>Listens until the result is disposed; all are called on any thread.</summary>
    /// <param name="stop">The process shall end.</param>
    /// <param name="reopen">Files shall be opened anew, and the configuration be read again.</param>
    /// <param name="say">Gets what a signal is answered with that means nothing to a node; null for the standard error.</param>
    IDisposable Listen(Action stop, Action reopen, Action<string>? say = null);
}
