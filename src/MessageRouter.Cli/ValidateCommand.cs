using System.CommandLine;
using MessageRouter.Cli.Running;
using MessageRouter.Components;
using MessageRouter.Routing;

namespace MessageRouter.Cli;

/// <summary><c>message-router validate</c>: everything short of starting.</summary>
internal static class ValidateCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("validate", "Checks a node without starting it.");
        var files = NodeFiles.Argument(command, ArgumentArity.OneOrMore);
        var set = NodeOptions.SetOption();
        command.Add(set);
        command.SetAction(parsed =>
        {
            var names = parsed.GetValue(files)!;
            NodeDefinition node;
            using (EarlyStop.Watch(surroundings, ExitCode.Interrupted)) node = NodeFiles.Read(names, parsed.GetValue(set)!, surroundings);
            surroundings.Output.WriteLine(
                $"{string.Join(" with ", names)} is valid: {Count(node, ComponentRole.Input)}, {Count(node, ComponentRole.Filter)}, {Count(node, ComponentRole.Output)}{Processes(node)}.");
            surroundings.Output.Write(PromiseTable.Print(node));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Processes(NodeDefinition node)
    {
        var count = node.Workers.Sum(group => group.Placement?.Alone ?? group.Instances);
        var upTo = node.Workers.Any(group => group.Placement is not null) ? "up to " : "";
        return node.Workers.Count == 0 ? "" : FormattableString.Invariant($", {upTo}{count} worker process{(count == 1 ? "" : "es")}");
    }

    private static string Count(NodeDefinition node, ComponentRole role)
    {
        var count = node.Components.Count(component => component.Role == role && component.PartOf is null);
        return FormattableString.Invariant($"{count} {role.Word()}{(count == 1 ? "" : "s")}");
    }
}
