using System.CommandLine;
using MessageRouter.Cli.Listing;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Plugins;

namespace MessageRouter.Cli;

/// <summary><c>message-router components</c>: what there is, and the keys of each.</summary>
internal static class ComponentsCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("components", "Lists the components, or shows the keys of one.");
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "A component's name, as `type` takes it." };
        command.Add(name);
        var plugins = PluginTypes.Option(command, "An assembly whose components are listed too, or a folder with such; repeatable.");
        command.SetAction(parsed =>
        {
            var types = new PluginTypes().Add(parsed.GetValue(plugins)!).Registry.Types.ToList();
            surroundings.Output.Write(parsed.GetValue(name) is { } wanted ? Describe(types, wanted) : ComponentList.Print(types));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(IReadOnlyList<ComponentType> types, string name)
    {
        var found = types.Where(type => type.Name == name).ToList();
        if (found.Count > 0) return string.Join("\n", found.Select(Page));
        var names = types.Select(type => type.Name).Distinct().ToList();
        throw CommandException.Usage($"there is no component `{name}`; "
            + (Suggestion.For(name, names) is { } near ? $"did you mean `{near}`?" : $"there are {string.Join(", ", names.Order(StringComparer.Ordinal))}"));
    }

    private static string Page(ComponentType type)
    {
        try
        {
            return ComponentPage.Print(type);
        }
        catch (Exception exception) when (type.ActorType.Assembly != typeof(BuiltIns).Assembly)
        {
            // The defaults of a plug-in's options come from the plug-in's code.
            throw new CommandException(ExitCode.Configuration, $"the keys of `{type.Name}` cannot be read: {LoadFailure.Of(exception)?.Problem ?? LoadFailure.Told(LoadFailure.Cause(exception))}");
        }
    }
}
