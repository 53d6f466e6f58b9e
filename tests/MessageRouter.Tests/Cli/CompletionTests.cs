using System.Management.Automation.Language;
using MessageRouter.Cli.Completion;

namespace MessageRouter.Tests.Cli;

public sealed class CompletionTests : IDisposable
{
    private readonly CliRun _cli = new();

    public CompletionTests() => _cli.Environment["MESSAGE_ROUTER_SOCKETS"] = Path.GetDirectoryName(_cli["nodes"])!;

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("stat", "status")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("completion z", "zsh")]
    [InlineData("new ", "filter")]
    [InlineData("run --summ", "--summary-file")]
    [InlineData("run --log-format ", "json text")]
    [InlineData("run --log-format j", "json")]
    [InlineData("run --log-format=j", "--log-format=json")]
    [InlineData("run --log-format = j", "json")]
    [InlineData("run --log-format =", "json text")]
    [InlineData("graph --format d", "dot")]
    [InlineData("tap --format ", "json pretty raw")]
    [InlineData("tap x --side d", "dropped")]
    [InlineData("tap x --side in --si", "--side")]
    [InlineData("status --format json --form", "")]
    [InlineData("components gen", "generator")]
    [InlineData("--input std", "stdin")]
    [InlineData("--input STDIN --output fi", "file")]
    [InlineData("pass --filter de", "delay")]
    [InlineData("--decoder ", "JSON Null Text")]
    [InlineData("--input STDIN --input_opt", "--input_options")]
    [InlineData("run ", ":files")]
    [InlineData("run node.conf --summary-file ", ":files")]
    [InlineData("fmt --check no", ":files")]
    [InlineData("status --control ", ":files")]
    [InlineData("status --node ", "")]
    [InlineData("tap ", "")]
    [InlineData("resize p", "")]
    [InlineData("run --set ", "")]
    [InlineData("help compl", "completion")]
    [InlineData("help new ", "filter")]
    [InlineData("nonsense --x ", "")]
    [InlineData("complet", "completion")]
    public async Task Answers_with_what_may_follow(string typed, string expected) => Assert.Equal(expected, string.Join(' ', await CompletedAsync(typed)));

    [Fact]
    public async Task The_first_word_is_any_command()
    {
        var commands = await CompletedAsync("");

        Assert.Contains("run", commands);
        Assert.Contains("tap", commands);
        Assert.DoesNotContain(Completer.Verb, commands);
    }

    [Fact]
    public async Task A_dash_stands_for_the_options_that_are_left()
    {
        var options = await CompletedAsync("status --watch -");

        Assert.Contains("--node", options);
        Assert.Contains("--help", options);
        Assert.DoesNotContain("--watch", options);
    }

    [Fact]
    public async Task Words_come_with_what_they_mean()
    {
        await _cli.RunAsync(Completer.Verb, "--", "components", "gener");

        Assert.Equal("generator\tMakes messages of a template, at a given rate or as fast as the node takes them\n", _cli.Output);
    }

    [Theory]
    [InlineData("explain --live --control /nowhere --input ")]
    [InlineData("status --node \"")]
    [InlineData("tap --control /nowhere ")]
    [InlineData("tap --control http://127.0.0.1:1 ")]
    [InlineData("tap --control http://127.0.0.1:1 --token-file nowhere ")]
    [InlineData("--- = = ")]
    public async Task What_cannot_be_found_out_is_silent(string typed)
    {
        Assert.Empty(await CompletedAsync(typed));
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Of_no_words_the_answer_is_every_command() => Assert.Equal((0, ""), (await _cli.RunAsync(Completer.Verb, "--"), _cli.Error));

    [Theory]
    [InlineData("bash", "complete -F _message_router message-router")]
    [InlineData("zsh", "#compdef message-router")]
    [InlineData("fish", "complete --command message-router")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName message-router")]
    public async Task Each_shell_has_a_script(string shell, string expected)
    {
        Assert.Equal(0, await _cli.RunAsync("completion", shell));

        Assert.Contains(expected, _cli.Output, StringComparison.Ordinal);
        Assert.Contains($" {Completer.Verb} -- ", _cli.Output, StringComparison.Ordinal);
        Assert.Contains($"message-router completion {shell}", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_said() => Assert.Equal(
        (64, "error: there is completion for bash, zsh, fish and pwsh, not for `tcsh`\nTry `message-router completion --help`.\n"),
        (await _cli.RunAsync("completion", "tcsh"), _cli.Error));

    [Fact]
    public void The_script_for_PowerShell_has_no_mistake()
    {
        Parser.ParseInput(Shells.Script("pwsh"), out _, out var errors);

        Assert.Empty(errors);
    }

    /// <summary>Completes the last word, which is empty behind a blank.</summary>
    private async Task<string[]> CompletedAsync(string typed)
    {
        Assert.Equal(0, await _cli.RunAsync([Completer.Verb, "--", .. typed.Split(' ')]));
        return [.. _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
    }
}
