using System.CommandLine;
using System.Runtime.CompilerServices;
using MessageRouter.Cli.Controlling.ClusterTop;
using MessageRouter.Cli.Controlling.Top;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router top</c>: what goes on in a node, on the whole screen.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("top", "Shows what goes on in a running node, on the whole screen and once a second; without a terminal, or with --count, a table each time.");
        var interval = ControlCommands.Duration(command, "--interval", "How often, at most once a second; 1s by default.");
        var count = ControlCommands.Count(command, "--count", "Print so many tables and end.");
        var format = ControlCommands.Format(command);
        var choice = NodeChoice.AddTo(command);
        var cluster = new Option<bool>("--cluster") { Arity = ArgumentArity.Zero, Description = "All nodes of its cluster, those that are away too; where the node that was asked goes, another one of this machine is asked." };
        command.Add(cluster);
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var json = parsed.GetValue(format) == "json";
            var each = parsed.Time(interval) ?? EverySecond;
            var isPlain = json || parsed.Number(count) is not null || !surroundings.IsTerminal() || surroundings.Environment("TERM") is null or "" or "dumb";
            if (parsed.GetValue(cluster))
            {
                if (isPlain) await new PlainClusterTop(choice(parsed), each, parsed.Number(count), json, surroundings).RunAsync(cancellation);
                else await ClusterOnScreenAsync(choice(parsed), each, surroundings, cancellation);
            }
            else if (isPlain)
            {
                await new PlainTop(choice(parsed), each, parsed.Number(count), json, surroundings).RunAsync(cancellation);
            }
            else
            {
                await OnScreenAsync(choice(parsed), each, surroundings, cancellation);
            }
            return ExitCode.Done;
        });
        return command;
    }

    // What nobody else needs is loaded here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task OnScreenAsync(NodeChoice choice, TimeSpan interval, Surroundings surroundings, CancellationToken cancellation) =>
        new TopLoop(choice, interval, surroundings).RunAsync(cancellation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task ClusterOnScreenAsync(NodeChoice choice, TimeSpan interval, Surroundings surroundings, CancellationToken cancellation) =>
        new ClusterLoop(choice, interval, surroundings).RunAsync(cancellation);
}
