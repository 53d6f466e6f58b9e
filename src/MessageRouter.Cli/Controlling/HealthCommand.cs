using System.CommandLine;
using MessageRouter.Cli.Controlling.Reports;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router health</c>: how a node is, why, and what to do.</summary>
internal static class HealthCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("health", "Says how a running node is: what is wrong, what it means and what to do. Ends with 70 where it is unhealthy, and with 69 where it does not answer.");
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            var json = await client.HealthJsonAsync(cancellation);
            var health = NodeHealth.Of(json);
            if (parsed.GetValue(format) == "json") surroundings.Output.WriteLine(json);
            else surroundings.Output.Write(health.Print());
            return health.Status == "unhealthy" ? ExitCode.Internal : ExitCode.Done;
        });
        return command;
    }
}
