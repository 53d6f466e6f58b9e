using System.Diagnostics;
using System.Runtime.Versioning;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Configuration.Hocon;

/// <summary>Pipes and devices are read as files are, as far as they end within the limits.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SpecialFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hocon").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/urandom")]
    [InlineData("/dev/full")]
    public void What_never_ends_is_read_up_to_the_limit(string device)
    {
        const string Problem = "all files together have more than 100000 bytes";
        var options = Read.Options with { MaxTextSize = 100_000 };

        Assert.EndsWith(Problem, Assert.Single(HoconReader.ReadFiles([device], options).Diagnostics).Message, StringComparison.Ordinal);
        var included = Assert.Single(HoconReader.ReadFiles([Write("node.conf", $"a = 1\ninclude \"{device}\"")], options).Diagnostics);
        Assert.EndsWith(Problem, included.Message, StringComparison.Ordinal);
        Assert.Equal((2, 9), (included.Span!.Line, included.Span.Column));
    }

    [Fact]
    public void Nothing_is_a_file_too() => Assert.Empty(HoconReader.ReadFiles(["/dev/null"], Read.Options).Diagnostics);

    [Theory]
    [InlineData("include \"{0}\"", 9)]
    [InlineData("include required(file(\"{0}\"))", 23)]
    public void A_folder_cannot_be_included(string text, int column)
    {
        var error = Assert.Single(HoconReader.ReadFiles([Write("node.conf", string.Format(null, text, _directory))], Read.Options).Diagnostics);

        Assert.Equal(($"cannot read `{_directory}`: it is a directory", column), (error.Message, error.Span!.Column));
    }

    [Fact]
    public async Task A_pipe_is_read_to_its_end_by_name_and_by_include()
    {
        var (node, included) = (await PipeAsync("node.conf"), await PipeAsync("included"));

        var writing = Task.Run(() => File.WriteAllText(node, "a = 1\ninclude \"included\""));
        var writingIncluded = Task.Run(() => File.WriteAllText(included, "b = ${a}"));
        var document = await Task.Run(() => HoconReader.ReadFiles([node], Read.Options)).WaitAsync(TestNode.Patience);
        await Task.WhenAll(writing, writingIncluded).WaitAsync(TestNode.Patience);

        Assert.Empty(document.Diagnostics);
        Assert.Equal("""{"a":1,"b":1}""", Read.Json(document.Root));
    }

    [Theory]
    [InlineData("/dev/stdin")]
    [InlineData("/dev/fd/63")]
    [InlineData("/proc/self/fd/63")]
    public void What_comes_through_a_descriptor_has_paths_relative_to_the_current_folder(string name)
    {
        var folder = Directory.GetCurrentDirectory();
        var text = """
            router {
              inputs { a { type = null, to = b } }
              outputs { b { type = null } }
              workers { command = ["./program"], directory = "sub" }
            }
            """;

        Assert.Equal("", new SourceText(name, text).Directory);
        var group = Assert.Single(NodeReader.Read(HoconReader.ReadText(name, text), BuiltIns.Registry()).Workers);
        Assert.Equal((Path.Combine(folder, "program"), Path.Combine(folder, "sub")), (group.Command[0], group.Directory));
    }

    private async Task<string> PipeAsync(string name)
    {
        var path = Path.Combine(_directory, name);
        using var mkfifo = Process.Start("mkfifo", path);
        await mkfifo.WaitForExitAsync().WaitAsync(TestNode.Patience);
        return path;
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_directory, name), text);
        return Path.Combine(_directory, name);
    }
}
