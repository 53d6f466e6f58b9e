using MessageRouter.Cli.Running;
using MessageRouter.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Cli;

/// <summary>What a command meets outside of itself.</summary>
internal sealed record Surroundings
{
    /// <summary>How long nobody may read the log at its end before the rest is left out.</summary>
    private static readonly TimeSpan LogPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>How long somebody who reads it slowly may take for the rest.</summary>
    private static readonly TimeSpan LogLimit = TimeSpan.FromMilliseconds(200);

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Opens the standard output for what goes on and on, and for bytes: other than <see cref="Output"/> it says when nobody reads any more.</summary>
    public Func<Stream> OpenOutput { get; init; } = StandardStreams.Instance.OpenOutput;

    /// <summary>Opens the standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = StandardStreams.Instance.OpenInput;

    /// <summary>Whether the standard input is a pipe or a file, and not somebody who would have to be asked.</summary>
    public Func<bool> HasInput { get; init; } = () => Console.IsInputRedirected;

    /// <summary>Whether somebody sits before both the standard input and the standard output.</summary>
    public Func<bool> IsTerminal { get; init; } = () => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public required ISignals Signals { get; init; }

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Ends the log, and says how many of its lines could not be written, since nobody read them.</summary>
    public Func<long> ConcludeLog { get; init; } = () => 0;

    /// <summary>Adds services to the node's host.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>Whether the process is the command's alone: failures on threads that nobody watches end it with a last report, and its start is warmed up.</summary>
    public bool OwnsProcess { get; init; }

    /// <param name="hearsSignals">Whether the command is one that listens to signals, and none may be missed until it does.</param>
    public static Surroundings OfProcess(bool hearsSignals)
    {
        var error = ProcessEnd.GuardError(StandardDescriptor.IsOpen(2) ? StandardStreams.Instance.OpenError() : Stream.Null);
        var signals = new ProcessSignals(error, waits: hearsSignals);
        if (hearsSignals) signals.Begin();
        return new Surroundings
        {
            Output = Console.Out,
            Error = error,
            Signals = signals,
            ConcludeLog = () => error.Conclude(LogPatience, LogLimit),
            OwnsProcess = true,
        };
    }
}
