using MessageRouter.Cli;
using MessageRouter.Cli.Running;

var exitCode = await CommandLine.RunAsync(args, Surroundings.OfProcess(CommandLine.RunsNode(args)));

// Not `return`: a plug-in's thread that still runs must not keep the process.
ProcessEnd.Now(exitCode, limit: TimeSpan.FromSeconds(1));
