using Akka.Actor;
using MessageRouter.Components;

namespace MessageRouter.Routing;

/// <summary>The supervision of all components: each by the policy of its own block.</summary>
internal sealed class ComponentSupervision(ComponentCells cells)
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

        // An instance that is not open has nothing that it could resume.
        var directive = cause is OutputClosedException
            ? Directive.Stop
            : cell.Restarts.Decide(mustReopen: cause is InputFailedException || !cell.IsOpen);
        if (directive == Directive.Stop)
        {
            cell.StoppedByFailure = true;
            ComponentLog.Stopped(cell.Logger, Describe(cause));
        }
        else if (directive == Directive.Resume)
        {
            cell.RestartLog.Write(suppressed => ComponentLog.Resuming(cell.Logger, Describe(cause), suppressed));
        }
        else
        {
            cell.Counts.Restarts.Add(1);
            cell.RestartLog.Write(suppressed => ComponentLog.Restarting(
                cell.Logger, Describe(cause), Readable(cell.Restarts.Delay), suppressed));
        }
        return directive;
    }

    /// <summary>Akka wraps what a constructor or a start throws, Props once more.</summary>
    private static Exception Unwrap(Exception exception)
    {
        while (exception is ActorInitializationException or TypeLoadException { InnerException: not null } && exception.InnerException is { } inner) exception = inner;
        return exception;
    }

    private static string Describe(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";

    private static string Readable(TimeSpan delay) =>
        delay == TimeSpan.Zero ? "0 s" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{delay.TotalSeconds:0.###} s");
}
