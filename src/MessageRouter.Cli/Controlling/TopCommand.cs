using System.CommandLine;

namespace MessageRouter.Cli.Controlling;

internal static class TopCommand
{
    public static Command Create(Surroundings surroundings) => new("top", "x") { Hidden = true };
}
