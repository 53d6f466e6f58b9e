using System.CommandLine;
using MessageRouter.Cli.Scaffolding;

namespace MessageRouter.Cli;

/// <summary><c>message-router new filter</c>: a project to begin with.</summary>
internal static class NewCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("new", "Writes a project to begin with.") { Filter(surroundings) };
        return command;
    }

    private static Command Filter(Surroundings surroundings)
    {
        var command = new Command("filter", "Writes a project with a filter of your own, its test, and a node that runs it.");
        var name = new Argument<string>("NAME") { Description = "Its name, such as Acme.Redact, redact or my-filter." };
        var output = new Option<string?>("--output", "-o") { HelpName = "DIR", Description = "The folder to write; by default one with the project's name." };
        command.Add(name);
        command.Add(output);
        command.SetAction(parsed =>
        {
            var filter = FilterName.Parse(parsed.GetValue(name)!);
            var folder = parsed.GetValue(output) ?? filter.Project;
            FilterProject.Write(filter, folder);
            surroundings.Output.WriteLine($$$"""
                {{{folder}}} has the filter {{{filter.Namespace}}}.{{{filter.Class}}}, its test, and a node that runs it. Go on with

                  cd {{{folder}}}
                  dotnet build
                  dotnet test
                  echo '{"level":"error","message":"disk full"}' | message-router run node.conf
                """);
            return ExitCode.Done;
        });
        return command;
    }
}
