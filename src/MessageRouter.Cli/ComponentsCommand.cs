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
        var plugins = new Option<string[]>("--plugin") { HelpName = "DLL", Description = "An assembly whose components are listed too; repeatable.", DefaultValueFactory = _ => [], Arity = ArgumentArity.OneOrMore };
        command.Add(name);
        command.Add(plugins);
        command.SetAction(parsed =>
        {
            var types = Registry(parsed.GetValue(plugins)!).Types.ToList();
            surroundings.Output.Write(parsed.GetValue(name) is { } wanted ? Describe(types, wanted) : ComponentList.Print(types));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(IReadOnlyList<ComponentType> types, string name)
    {
        var found = types.Where(type => type.Name == name).ToList();
        if (found.Count > 0) return string.Join("\n", found.Select(ComponentPage.Print));
        var names = types.Select(type => type.Name).Distinct().ToList();
        throw CommandException.Usage($"there is no component `{name}`; "
            + (Suggestion.For(name, names) is { } near ? $"did you mean `{near}`?" : $"there are {string.Join(", ", names.Order(StringComparer.Ordinal))}"));
    }

    private static ComponentRegistry Registry(IEnumerable<string> plugins)
    {
        var registry = BuiltIns.Registry();
        foreach (var path in plugins)
        {
            try
            {
                PluginLoader.Load(path, registry);
            }
            catch (PluginException exception)
            {
                throw new CommandException(ExitCode.Configuration, $"plug-in: {exception.Message}");
            }
        }
        return registry;
    }
}
