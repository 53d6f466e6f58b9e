using System.Reflection;
using System.Text.RegularExpressions;
using MessageRouter.Cli;
using MessageRouter.Cli.Help;

namespace MessageRouter.Tests.Cli;

public sealed class ManualTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_man_page_has_the_sections_of_one()
    {
        var page = await PageAsync();

        Assert.StartsWith(".TH MESSAGE\\-ROUTER 1 ", page, StringComparison.Ordinal);
        Assert.Equal(
            ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "COMMANDS", "OPTIONS OF ALL COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"],
            Regex.Matches(page, "^\\.SH (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task Every_line_is_text_or_an_instruction_that_man_knows()
    {
        var lines = (await PageAsync()).TrimEnd('\n').Split('\n');

        Assert.Empty(lines.Where(line => line.Length > 0 && line[0] is '.' or '\'').Select(line => line.Split(' ')[0]).Except([".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi"]));
        Assert.DoesNotContain(lines, line => line.Any(character => character > '~'));
        Assert.Equal(lines.Count(line => line == ".nf"), lines.Count(line => line == ".fi"));
    }

    [Fact]
    public async Task Every_command_of_the_help_is_in_it_with_every_option()
    {
        var page = Plain(await PageAsync());
        await _cli.RunAsync("--help");
        var commands = Regex.Matches(_cli.Output[_cli.Output.IndexOf("Commands:", StringComparison.Ordinal)..], "^  ([a-z]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("fmt", commands);

        foreach (var command in commands)
        {
            using var cli = new CliRun();
            Assert.Equal(0, await cli.RunAsync(command, "--help"));
            Assert.Matches($@"(?m)^\.SS {command}( filter| check)?$", page);
            var section = Regex.Match(page, $@"(?ms)^\.SS {command}( filter| check)?$(.*?)^\.S[SH] ").Value;
            var options = Regex.Matches(cli.Output, "^  (?:-., )*(--[a-z-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Except(["--help", "--version"]);
            Assert.All(options, option => Assert.Contains(option, section, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_exit_code_has_a_meaning() =>
        Assert.Equal(
            typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (int)field.GetRawConstantValue()!).Order(),
            ExitCode.Meanings.Select(meaning => meaning.Code).Order());

    [Theory]
    [InlineData("a-b", @"a\-b")]
    [InlineData(@"a\n", @"a\en")]
    [InlineData("it's “x”…", @"it\(aqs \[u201C]x\[u201D].\|.\|.")]
    public void Text_is_shown_as_it_is(string text, string roff) => Assert.Equal(roff, RoffWriter.Text(text));

    [Fact]
    public async Task Help_is_that_of_the_command()
    {
        using var other = new CliRun();

        Assert.Equal(0, await _cli.RunAsync("help", "new", "filter"));
        Assert.Equal(0, await other.RunAsync("new", "filter", "--help"));

        Assert.Equal(other.Output, _cli.Output);
    }

    [Fact]
    public async Task Help_of_a_command_that_there_is_not_is_said() =>
        Assert.Equal((64, "error: unknown command `runn` for `message-router`; did you mean `run`?\n"), (await _cli.RunAsync("help", "runn"), _cli.Error));

    private static string Plain(string page) => Regex.Replace(page.Replace(@"\-", "-", StringComparison.Ordinal), @"\\f[BIR]", "");

    private async Task<string> PageAsync()
    {
        using var cli = new CliRun();
        Assert.Equal((0, ""), (await cli.RunAsync("help", "--man"), cli.Error));
        return cli.Output;
    }
}
