namespace MessageRouter.Tests.Cli;

public sealed class GraphTests : IDisposable
{
    private const string Node = "router { name = shop, inputs.a { type = null, to = b }, outputs.b { type = null } }";

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_file_is_drawn_without_being_started()
    {
        Assert.Equal(0, await _cli.RunAsync("graph", _cli.Write("node.conf", Node)));
        Assert.Equal("shop: 1 input, 0 filters, 1 output\n\ninputs.a      null\n└─ outputs.b  null\nerrors        stderr\n", _cli.Output);
        Assert.Empty(_cli.Error);
    }

    [Theory]
    [InlineData("svg", "<svg ")]
    [InlineData("dot", "digraph ")]
    [InlineData("mermaid", "flowchart ")]
    public async Task It_is_drawn_in_the_format_that_is_asked_for(string format, string begin)
    {
        Assert.Equal(0, await _cli.RunAsync("graph", _cli.Write("node.conf", Node), "--format", format));
        Assert.StartsWith(begin, _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_can_be_set_over_those_of_the_file()
    {
        Assert.Equal(0, await _cli.RunAsync("graph", _cli.Write("node.conf", Node), "--set", "router.name=other"));
        Assert.StartsWith("other: ", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_a_mistake_of_the_command_line()
    {
        Assert.Equal(64, await _cli.RunAsync("graph", _cli.Write("node.conf", Node), "--format", "png"));
        Assert.StartsWith("error: `--format` takes text, svg, dot, mermaid or json\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_said_and_nothing_is_drawn()
    {
        Assert.Equal(78, await _cli.RunAsync("graph", _cli.Write("node.conf", "router { inputs.a { type = null, to = c }, outputs.b { type = null } }")));
        Assert.Empty(_cli.Output);
    }
}
