using System.CommandLine;
using MessageRouter.Cli.Running;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Cli;

/// <summary>The options that all commands have which run a node.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string[]> _set = SetOption();
    private readonly Option<string?> _summaryFile = new("--summary-file") { HelpName = "FILE", Description = "Write the final ledger there as JSON." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Arity = ArgumentArity.Zero, Description = "Log more; twice for everything." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Arity = ArgumentArity.Zero, Description = "Log less: only warnings; twice: only errors; three times: nothing." };
    private readonly Option<string> _logFormat = LogFormatOption();

    /// <summary><c>--set path=value</c>.</summary>
    public static Option<string[]> SetOption() => new("--set")
    {
        HelpName = "path=value",
        Description = "Set a value over those of the files; repeatable.",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
    };

    public static NodeOptions AddTo(Command command)
    {
        var options = new NodeOptions();
        command.Add(options._set);
        command.Add(options._summaryFile);
        command.Add(options._verbose);
        command.Add(options._quiet);
        command.Add(options._logFormat);
        return options;
    }

    public IReadOnlyList<string> Overrides(ParseResult parsed) => parsed.GetValue(_set)!;

    public RunSettings Settings(ParseResult parsed) => new()
    {
        SummaryFile = parsed.GetValue(_summaryFile),
        JsonLog = parsed.GetValue(_logFormat) == "json",
        LogLevel = (LogLevel)Math.Clamp((int)LogLevel.Information + Times(parsed, _quiet) - Times(parsed, _verbose), (int)LogLevel.Trace, (int)LogLevel.None)
            switch { LogLevel.Critical => LogLevel.None, var level => level },
    };

    private static int Times(ParseResult parsed, Option option) => parsed.GetResult(option)?.IdentifierTokenCount ?? 0;

    private static Option<string> LogFormatOption()
    {
        var option = new Option<string>("--log-format") { HelpName = "text|json", Description = "How the log on the standard error is written.", DefaultValueFactory = _ => "text" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not ("text" or "json")) result.AddError("`--log-format` takes text or json");
        });
        return option;
    }
}
