using System.CommandLine;
using MessageRouter.Cli.Controlling.Tapping;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router tap</c>: messages as they pass components, and those that are lost there.</summary>
internal static class TapCommand
{
    private static readonly string[] Sides = ["in", "out", "dropped", "failed"];

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("tap", "Shows messages as they pass components of a running node, or are dropped or fail there. It never slows the node: what is too much is left out and counted.");
        var components = new Argument<string[]>("COMPONENT") { Arity = ArgumentArity.OneOrMore, Description = "Names, such as filters.errors-only; errors-only will do where only one is called so. * is all." };
        var sides = new Option<string[]>("--side") { HelpName = string.Join('|', Sides), Description = "What of them: in (the default), out, dropped, failed; repeatable.", DefaultValueFactory = _ => ["in"], Arity = ArgumentArity.OneOrMore };
        var where = new Option<string?>("--where") { HelpName = "CONDITION", Description = "Only those messages: key=value, or C# as the filter csharp takes it, such as 'message[\"status\"] >= 500'." };
        sides.Validators.Add(result =>
        {
            foreach (var side in result.Tokens.SelectMany(token => token.Value.Split(',')).Where(side => !Sides.Contains(side))) result.AddError($"`--side` takes {string.Join(", ", Sides[..^1])} or {Sides[^1]}, not `{side}`");
        });
        command.Add(components);
        command.Add(sides);
        command.Add(where);
        var limit = ControlCommands.Count(command, "--limit", "End after so many messages.");
        var duration = ControlCommands.Duration(command, "--duration", "End after this time.");
        var format = ControlCommands.Format(command, "pretty", "json", "raw");
        var record = new Option<string?>("--record") { HelpName = "FILE", Description = "Append them to a file too, a line of JSON each." };
        command.Add(record);
        var choice = NodeChoice.AddTo(command);
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            var status = await client.StatusAsync(cancellation);
            var names = ComponentNames.Resolve(parsed.GetValue(components)!, status);
            using var recording = parsed.GetValue(record) is { } file ? Recording.To(file) : null;
            using var output = new OutputPipe(surroundings);
            List<KeyValuePair<string, string>> query =
            [
                .. names.Select(name => KeyValuePair.Create("component", name)),
                .. parsed.GetValue(sides)!.SelectMany(side => side.Split(',')).Distinct().Select(side => KeyValuePair.Create("side", side)),
            ];
            if (parsed.GetValue(where) is { } condition) query.Add(KeyValuePair.Create("where", condition));
            var tap = new Tap(parsed.GetValue(format)!, output, recording, (names.Contains(ComponentNames.Everything) ? status.Components.Select(component => component.Name) : names).Max(name => name.Length));
            await tap.RunAsync(client, query, parsed.Number(limit), parsed.Time(duration), cancellation);
            surroundings.Error.WriteLine(tap.Summary);
            return tap.HasFailed ? ExitCode.Internal : ExitCode.Done;
        });
        return command;
    }
}
