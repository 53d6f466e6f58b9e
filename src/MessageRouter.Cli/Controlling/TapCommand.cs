using System.CommandLine;

namespace MessageRouter.Cli.Controlling;

internal static class TapCommand
{
    public static Command Create(Surroundings surroundings) => new("tap", "x") { Hidden = true };
}
