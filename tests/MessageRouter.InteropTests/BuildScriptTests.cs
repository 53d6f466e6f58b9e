namespace MessageRouter.InteropTests;

/// <summary>The script that builds everything, run by the PowerShell of the repository's own tools, with a <c>dotnet</c> that only writes down what it is asked for.</summary>
public sealed class BuildScriptTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task It_takes_all_steps()
    {
        var script = await RunAsync(failing: "nothing");

        Assert.Equal(0, await script.Exits(Peer.Patience * 3));
        Assert.Equal(["restore", "build", "test", "pack", "pack", "publish", "publish"], Steps());
    }

    [SkippableFact]
    public async Task It_stops_at_the_first_step_that_fails_with_its_exit_code_and_says_which()
    {
        var script = await RunAsync(failing: "test");

        Assert.Equal(3, await script.Exits(Peer.Patience * 3));
        Assert.Equal(["restore", "build", "test"], Steps());
        Assert.Contains("test failed with exit code 3.", script.Errors.Lines);
    }

    [SkippableFact]
    public async Task What_users_can_call_is_noted_as_published_in_every_package_and_nothing_is_built()
    {
        Files.Write("src/A/PublicAPI.Shipped.txt", "#nullable enable\nA.B\nA.Gone() -> void\nA.c\n");
        Files.Write("src/A/PublicAPI.Unshipped.txt", "#nullable enable\n*REMOVED*A.Gone() -> void\nA.gone() -> void\nA.BC\n");
        Files.Write("src/B/PublicAPI.Shipped.txt", "#nullable enable\n");
        Files.Write("src/B/PublicAPI.Unshipped.txt", "#nullable enable\n");
        File.Copy(Repository.File("build.ps1"), Files["build.ps1"]);

        var script = await RunAsync(failing: "nothing", script: $"'{Files["build.ps1"]}' -ShipPublicApi");

        Assert.Equal(0, await script.Exits(Peer.Patience * 3));
        Assert.Equal("#nullable enable\nA.B\nA.BC\nA.c\nA.gone() -> void\n", File.ReadAllText(Files["src/A/PublicAPI.Shipped.txt"]));
        Assert.Equal("#nullable enable\n", File.ReadAllText(Files["src/B/PublicAPI.Shipped.txt"]));
        Assert.All((string[])["A", "B"], name => Assert.Equal("#nullable enable\n", File.ReadAllText(Files[$"src/{name}/PublicAPI.Unshipped.txt"])));
        Assert.Empty(Steps());
    }

    private IEnumerable<string> Steps() => Files.Lines("asked.txt").Select(line => line.Split(' ')[0]);

    private async Task<Peer> RunAsync(string failing, string script = "build.ps1")
    {
        var restore = Started(new Peer(Repository.File(""), "dotnet", ["tool", "restore"]));
        Assert.True(await restore.Exits(Peer.Patience * 10) == 0, restore.Describe());
        Files.Write("stub/dotnet", $"""
            #!/bin/sh
            echo "$@" >> '{Files["asked.txt"]}'
            [ "$1" != {failing} ] || exit 3
            """);
        File.SetUnixFileMode(Files["stub/dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Started(new Peer(Repository.File(""), "/bin/sh", ["-c", $"dotnet=$(command -v dotnet) && PATH='{Files["stub"]}':$PATH exec \"$dotnet\" pwsh {script}"]));
    }
}
