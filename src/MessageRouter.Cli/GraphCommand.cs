using System.CommandLine;
using MessageRouter.Control.Graphs;

namespace MessageRouter.Cli;

/// <summary><c>message-router graph</c>: who sends to whom, of files or of a node that runs.</summary>
internal static class GraphCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("graph", "Draws a node: as FILE describes it.");
        var files = NodeFiles.Argument(command, ArgumentArity.OneOrMore);
        var set = NodeOptions.SetOption();
        var format = FormatOption();
        command.Add(set);
        command.Add(format);
        command.SetAction(parsed =>
        {
            var node = NodeFiles.Read(parsed.GetValue(files)!, parsed.GetValue(set)!, surroundings);
            surroundings.Output.Write(GraphFormat.Write(NodeGraph.Of(node), parsed.GetValue(format)!));
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> FormatOption()
    {
        var option = new Option<string>("--format") { HelpName = string.Join('|', GraphFormat.Names), Description = "What it is written as.", DefaultValueFactory = _ => GraphFormat.Names[0] };
        option.Validators.Add(result =>
        {
            if (!GraphFormat.Names.Contains(result.GetValueOrDefault<string>())) result.AddError($"`--format` takes {string.Join(", ", GraphFormat.Names.SkipLast(1))} or {GraphFormat.Names[^1]}");
        });
        return option;
    }
}
