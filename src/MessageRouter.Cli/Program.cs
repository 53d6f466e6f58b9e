using MessageRouter.Cli;

// Messages alone go to the standard output; libraries that write there mean people.
var surroundings = Surroundings.OfProcess();
Console.SetOut(Console.Error);
var exitCode = await CommandLine.RunAsync(args, surroundings);

// Not `return`: a plug-in's thread that still runs must not keep the process.
Environment.Exit(exitCode);
