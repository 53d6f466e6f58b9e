using System.CommandLine;

namespace MessageRouter.Cli;

internal static class ComponentsCommand
{
    public static Command Create(Surroundings surroundings) => new("components");
}
