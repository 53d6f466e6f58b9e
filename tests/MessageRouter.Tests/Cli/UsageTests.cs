namespace MessageRouter.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("runn", "error: unknown command `runn` for `message-router`; did you mean `run`?\nTry `message-router --help`.\n")]
    [InlineData("run --sumary-file=x", "error: unknown option `--sumary-file` for `message-router run`; did you mean `--summary-file`?\nTry `message-router run --help`.\n")]
    [InlineData("run node.conf --bogus 1", "error: unknown option `--bogus` for `message-router run`\nTry `message-router run --help`.\n")]
    [InlineData("--input STDIN --outptu STDOUT", "error: unknown option `--outptu` for `message-router pass`; did you mean `--output`?\nTry `message-router pass --help`.\n")]
    [InlineData("--input STDIN --input_optons {}", "error: unknown option `--input_optons` for `message-router pass`; did you mean `--input_options`?\nTry `message-router pass --help`.\n")]
    [InlineData("validate", "error: Required argument 'FILE' missing for command: 'validate'\nTry `message-router validate --help`.\n")]
    [InlineData("run --log-format xml", "error: `--log-format` takes text or json\nTry `message-router run --help`.\n")]
    [InlineData("--input STDIN", "error: `--output` is missing; an example: message-router --input STDIN --output STDOUT\n")]
    [InlineData("pass --output STDOUT", "error: `--input` is missing; an example: message-router --input STDIN --output STDOUT\n")]
    [InlineData("components fil", "error: there is no component `fil`; did you mean `file`?\n")]
    public async Task Is_said_with_what_was_probably_meant(string arguments, string expected)
    {
        Assert.Equal(64, await _cli.RunAsync(arguments.Split(' ')));
        Assert.Equal(expected, _cli.Error);
        Assert.Empty(_cli.Output);
    }

    [Theory]
    [InlineData("--daemonize")]
    [InlineData("--user", "nobody")]
    [InlineData("--pid_file", "x.pid")]
    [InlineData("--io_priority", "idle")]
    public async Task What_a_service_manager_does_better_is_refused_with_a_pointer_to_it(params string[] arguments)
    {
        Assert.Equal(64, await _cli.RunAsync(["--input", "STDIN", "--output", "STDOUT", .. arguments]));
        Assert.StartsWith($"error: `{arguments[0]}` is not supported: run the command as a systemd service", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_arguments_the_help_is_shown_as_an_error()
    {
        Assert.Equal(64, await _cli.RunAsync());
        Assert.StartsWith("Examples:\n  message-router run ", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("pass --help")]
    [InlineData("--input STDIN --help")]
    [InlineData("validate --help")]
    [InlineData("components --help")]
    public async Task Help_begins_with_examples(string arguments)
    {
        Assert.Equal(0, await _cli.RunAsync(arguments.Split(' ')));
        Assert.StartsWith("Examples:\n  message-router ", _cli.Output, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task The_version_is_a_version()
    {
        Assert.Equal(0, await _cli.RunAsync("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+", _cli.Output);
    }
}
