using System.Management.Automation.Language;

namespace MessageRouter.Tests.Repository;

public class BuildScriptTests
{
    [Fact]
    public void Parses_without_an_error()
    {
        Parse(out var errors);

        Assert.Empty(errors);
    }

    [Fact]
    public void Takes_the_readmes_steps_in_the_readmes_order()
    {
        var steps = Parse(out _).FindAll(node => node is CommandAst command && command.GetCommandName() == "dotnet", searchNestedScriptBlocks: true)
            .Cast<CommandAst>()
            .Select(command => command.CommandElements[1].Extent.Text)
            .Distinct()
            .ToList();

        Assert.Equal(["restore", "build", "test", "pack", "publish"], steps);
        foreach (var step in steps)
            Assert.Contains($"dotnet {step}", File.ReadAllText(Repository.File("README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Stops_at_the_first_failure()
    {
        var script = Parse(out _);
        var steps = script.FindAll(node => node is CommandAst command && command.GetCommandName() == "Step", searchNestedScriptBlocks: true);
        var commands = script.FindAll(node => node is CommandAst command && command.GetCommandName() == "dotnet", searchNestedScriptBlocks: true);
        var step = (FunctionDefinitionAst)script.Find(node => node is FunctionDefinitionAst { Name: "Step" }, searchNestedScriptBlocks: true)!;

        Assert.Equal(commands.Count(), steps.Count());
        Assert.Contains("exit $LASTEXITCODE", step.Body.Extent.Text, StringComparison.Ordinal);
    }

    private static ScriptBlockAst Parse(out ParseError[] errors) =>
        Parser.ParseFile(Repository.File("build.ps1"), out _, out errors);
}
