using MessageRouter.Cli;

var exitCode = await CommandLine.RunAsync(args, Surroundings.OfProcess());

// Not `return`: a plug-in's thread that still runs must not keep the process.
Environment.Exit(exitCode);
