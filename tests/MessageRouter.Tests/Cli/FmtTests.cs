namespace MessageRouter.Tests.Cli;

public sealed class FmtTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_file_is_formatted_in_place_and_named()
    {
        var file = _cli.Write("node.conf", "a=1");

        Assert.Equal((0, "node.conf\n", ""), (await _cli.RunAsync("fmt", file), _cli.Output, _cli.Error));
        Assert.Equal("a = 1\n", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_file_in_the_style_is_not_touched()
    {
        var file = _cli.Write("node.conf", "a = 1\n");
        var written = File.GetLastWriteTimeUtc(file);

        Assert.Equal((0, ""), (await _cli.RunAsync("fmt", file), _cli.Output));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public async Task A_check_writes_nothing_and_names_what_would_change()
    {
        var (right, wrong) = (_cli.Write("right.conf", "a = 1\n"), _cli.Write("wrong.conf", "a=1"));

        Assert.Equal((1, "wrong.conf\n"), (await _cli.RunAsync("fmt", "--check", right, wrong), _cli.Output));
        Assert.Equal("a=1", File.ReadAllText(wrong));
    }

    [Fact]
    public async Task A_check_of_files_in_the_style_is_silent() =>
        Assert.Equal((0, "", ""), (await _cli.RunAsync("fmt", "--check", _cli.Write("node.conf", "a = 1\n")), _cli.Output, _cli.Error));

    [Fact]
    public async Task A_file_with_a_mistake_is_left_as_it_is_and_the_others_are_formatted()
    {
        var (broken, other) = (_cli.Write("broken.conf", "a {"), _cli.Write("other.conf", "a=1"));

        Assert.Equal(78, await _cli.RunAsync("fmt", broken, other));

        Assert.Equal("other.conf\n", _cli.Output);
        Assert.Contains("error: this `{` is never closed\n --> broken.conf:1:3\n", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(("a {", "a = 1\n"), (File.ReadAllText(broken), File.ReadAllText(other)));
    }

    [Fact]
    public async Task What_is_included_or_substituted_need_not_be_there() =>
        Assert.Equal((0, ""), (await _cli.RunAsync("fmt", _cli.Write("node.conf", "include \"nowhere\"\na=${nothing}")), _cli.Error));

    [Fact]
    public async Task A_folder_stands_for_its_files()
    {
        Directory.CreateDirectory(_cli["conf.d"]);
        _cli.Write("conf.d/b.conf", "b=1");
        _cli.Write("conf.d/a.conf", "a=1");
        _cli.Write("conf.d/readme.txt", "c=1");

        Assert.Equal((0, "conf.d/a.conf\nconf.d/b.conf\n"), (await _cli.RunAsync("fmt", _cli["conf.d"]), _cli.Output));
    }

    [Fact]
    public async Task The_standard_input_is_formatted_to_the_standard_output()
    {
        using var cli = new CliRun { Input = "a { b=\"é\" }" };

        Assert.Equal((0, "a { b = \"é\" }\n", ""), (await cli.RunAsync("fmt", "--stdin"), cli.Messages, cli.Error));
    }

    [Fact]
    public async Task Of_a_standard_input_with_a_mistake_nothing_comes_out()
    {
        using var cli = new CliRun { Input = "a { b = }" };

        Assert.Equal((78, ""), (await cli.RunAsync("fmt", "--stdin"), cli.Messages));
        Assert.Contains("stdin:1:5", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mode_stays_and_a_link_stays_one()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = _cli.Write("node.conf", "a=1");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(_cli["link.conf"], "node.conf");

        Assert.Equal(0, await _cli.RunAsync("fmt", _cli["link.conf"]));

        Assert.Equal("node.conf", new FileInfo(_cli["link.conf"]).LinkTarget);
        Assert.Equal("a = 1\n", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("fmt", "error: name a FILE, or give `--stdin`\nTry `message-router fmt --help`.\n")]
    [InlineData("fmt --stdin node.conf", "error: a FILE and `--stdin` cannot both be formatted\nTry `message-router fmt --help`.\n")]
    [InlineData("fmt node.json", "error: `node.json` is JSON, which would be none any more; HOCON is formatted\n")]
    public async Task A_wrong_command_line_is_said(string arguments, string expected) =>
        Assert.Equal((64, expected), (await _cli.RunAsync(arguments.Split(' ')), _cli.Error));

    [Fact]
    public async Task A_file_that_is_not_there_is_said() =>
        Assert.Equal((78, "error: cannot read `nowhere.conf`: there is no such file\n\n1 error; nothing was started.\n"), (await _cli.RunAsync("fmt", "nowhere.conf"), _cli.Error));
}
