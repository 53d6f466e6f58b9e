using Akka.Actor;
using MessageRouter.Components;
using MessageRouter.Pools;

namespace MessageRouter.Routing;

/// <summary>The supervision of all components: each by the policy of its own block.</summary>
/// <param name="cells">Where the components' cells are found.</param>
/// <param name="decided">Called, before anything follows from it, when it is decided what a failure of a component that had started leads to.</param>
internal sealed class ComponentSupervision(ComponentCells cells, Action<ComponentCell>? decided = null)
    : OneForOneStrategy(maxNrOfRetries: -1, withinTimeMilliseconds: -1, _ => Directive.Restart, loggingEnabled: false)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        var cell = cells.Find(child.Path);
        var cause = Unwrap(exception);
        if (!cell.Started.Task.IsCompleted)
        {
            cell.Started.TrySetException(cause);
            return Directive.Stop;
        }

        if (cause is TurnLostException) return Directive.Restart;

        // An instance that is not open has nothing that it could resume.
        cell.LastError = Describe(cause);
        var directive = cause is OutputClosedException
            ? Directive.Stop
            : cell.Restarts.Decide(cause is InputFailedException || !cell.IsOpen, cell.Draining, cell.Counts.Failed.Value);
        if (directive == Directive.Stop)
        {
            cell.StoppedByFailure = true;
            if (cell.Restarts.IsOver)
            {
                cell.GiveUpAtTheEnd();
                ComponentLog.NotTriedAgain(cell.Logger, Describe(cause));
            }
            else if (cell.Copy is null) ComponentLog.Stopped(cell.Logger, Describe(cause));
            else PoolLog.CopyStopped(cell.Logger, Describe(cause));
        }
        else if (directive == Directive.Resume)
        {
            cell.RestartLog.Write(suppressed => ComponentLog.Resuming(cell.Logger, Describe(cause), suppressed));
        }
        else
        {
            cell.Counts.Restarts.Add(1);
            if (cell.Restarts.IsExhausted) PoolLog.SetAside(cell.Logger, Describe(cause), Readable(cell.Restarts.Delay));
            else cell.RestartLog.Write(suppressed => ComponentLog.Restarting(
                cell.Logger, Describe(cause), Readable(cell.Restarts.Delay), suppressed));
        }
        decided?.Invoke(cell);
        return directive;
    }

    /// <summary>Akka wraps what a constructor or a start throws, Props once more, and .NET what a static constructor throws.</summary>
    private static Exception Unwrap(Exception exception)
    {
        while (exception is ActorInitializationException or TypeInitializationException or TypeLoadException && exception.InnerException is { } inner) exception = inner;
        return exception;
    }

    private static string Describe(Exception exception) => $"{exception.GetType().Name}: {exception.Message.Trim()}";

    private static string Readable(TimeSpan delay) =>
        delay == TimeSpan.Zero ? "0 s" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{delay.TotalSeconds:0.###} s");
}
