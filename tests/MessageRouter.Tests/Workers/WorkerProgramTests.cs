using MessageRouter.Tests.Support;
using MessageRouter.Workers;

namespace MessageRouter.Tests.Workers;

public sealed class WorkerProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Looks_a_name_up_in_the_path_that_the_group_has()
    {
        Program("tool", executable: true);

        Assert.Equal([_folder["tool"], "a", "b"], WorkerProgram.Resolve(Group("tool", "a", "b")));
    }

    [Fact]
    public void Passes_over_files_that_may_not_be_executed()
    {
        Program("tool", executable: false);

        Assert.Equal("there is no program `tool` in PATH", Problem("tool"));
    }

    [Fact]
    public void Says_what_is_wrong_with_a_path()
    {
        Program("tool", executable: false);

        Assert.Equal($"there is no file `{_folder["other"]}`", Problem(_folder["other"]));
        Assert.Equal($"`{_folder["tool"]}` may not be executed", Problem(_folder["tool"]));
    }

    [Fact]
    public void Says_that_the_directory_is_missing() =>
        Assert.Equal($"there is no directory `{_folder["gone"]}`", Problem(Group("sh") with { Directory = _folder["gone"] }));

    [Fact]
    public void The_tools_own_name_is_looked_up_like_any_other_within_another_program() =>
        Assert.Equal("there is no program `message-router` in PATH", Problem("message-router"));

    private void Program(string name, bool executable)
    {
        File.WriteAllText(_folder[name], "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | (executable ? UnixFileMode.UserExecute : 0));
    }

    private static string Problem(WorkerGroupDefinition group) => Assert.Throws<WorkerStartException>(() => WorkerProgram.Resolve(group)).Problem;

    private string Problem(string program) => Problem(Group(program));

    private WorkerGroupDefinition Group(params string[] command) => new()
    {
        Name = "w",
        Command = command,
        Directory = _folder.Path,
        Environment = new Dictionary<string, string> { ["PATH"] = "/nowhere" + Path.PathSeparator + _folder.Path },
    };
}
