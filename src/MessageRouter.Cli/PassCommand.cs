using System.CommandLine;

namespace MessageRouter.Cli;

internal static class PassCommand
{
    public static IReadOnlyList<string> AddVerb(IReadOnlyList<string> arguments) => arguments;
    public static Command Create(Surroundings surroundings) => new("pass");
}
