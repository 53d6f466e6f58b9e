using System.CommandLine;
using System.Text.Json.Nodes;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router resize</c>: gives a pool another size while the node runs.</summary>
internal static class ResizeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("resize", "Gives a pool of a running node another number of copies, or a group of worker processes another number of these, until the node ends.");
        var pool = new Argument<string>("POOL") { Description = "The filter's name, such as redact or filters.redact; a group's, such as workers.mail." };
        var instances = new Argument<int>("N") { Description = "How many there are to be: 1 to 1000; of processes 0 to 1000. Of what the cluster places on its nodes it is the number on all of them together, 10000 at most." };
        command.Add(pool);
        command.Add(instances);
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            var (name, count) = (parsed.GetValue(pool)!, parsed.GetValue(instances));
            var json = await client.ResizeAsync(name, count, cancellation);
            var ofCluster = JsonNode.Parse(json)?["of_cluster"]?.GetValue<bool>() == true;
            surroundings.Output.WriteLine(
                parsed.GetValue(format) == "json" ? json
                : ofCluster ? $"{SafeText.Of(name)} is to have {count} on all nodes of the cluster together; `message-router status --cluster` shows where they are."
                : $"{SafeText.Of(name)} has the size {count} now.");
            return ExitCode.Done;
        });
        return command;
    }
}
