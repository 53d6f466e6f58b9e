using System.Text.Json;

namespace MessageRouter.InteropTests;

/// <summary>What the package sets in the runtime configuration of a program that references it.</summary>
public sealed class RuntimeSettingsTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Concurrent = "System.GC.Concurrent";
    private const string Watching = "System.Runtime.TieredPGO";
    private const string NewMemory = "System.GC.Gen0MaxBudget";
    private const string Spinning = "System.Threading.ThreadPool.UnfairSemaphoreSpinLimit";

    [SkippableFact]
    public async Task A_host_gets_the_settings_of_the_command()
    {
        var command = Settings(Path.Combine(AppContext.BaseDirectory, "message-router.runtimeconfig.json"));

        var host = await Build("");

        Assert.Equal("false", host[Concurrent]);
        foreach (var name in (string[])[Watching, Concurrent, NewMemory, Spinning]) Assert.Equal(command[name], host[name]);
    }

    [SkippableFact]
    public async Task A_host_can_do_without_all_of_them()
    {
        var host = await Build("<PropertyGroup><MessageRouterRuntimeSettings>false</MessageRouterRuntimeSettings></PropertyGroup>");

        Assert.Empty(host.Keys.Intersect([Watching, Concurrent, NewMemory, Spinning]));
    }

    [SkippableFact]
    public async Task What_a_host_sets_itself_stays()
    {
        var host = await Build($"""
            <PropertyGroup><ConcurrentGarbageCollection>false</ConcurrentGarbageCollection></PropertyGroup>
            <ItemGroup><RuntimeHostConfigurationOption Include="{Spinning}" Value="7" /></ItemGroup>
            <ItemGroup><RuntimeHostConfigurationOption Include="{NewMemory}" Value="8000000" /></ItemGroup>
            """);

        Assert.Equal(("false", "8000000", "7"), (host[Concurrent], host[NewMemory], host[Spinning]));
    }

    [SkippableFact]
    public async Task A_host_that_collects_concurrently_is_not_given_so_much_new_memory()
    {
        var host = await Build("<PropertyGroup><ConcurrentGarbageCollection>true</ConcurrentGarbageCollection></PropertyGroup>");

        Assert.Equal("true", host[Concurrent]);
        Assert.DoesNotContain(NewMemory, host.Keys);
    }

    /// <summary>Builds a program that references the package.</summary>
    /// <param name="settings">What its project says beside that.</param>
    private async Task<Dictionary<string, string>> Build(string settings)
    {
        var packages = await PackedPackages.FolderAsync();
        Files.Write("host/Program.cs", "System.Console.WriteLine();");
        Files.Write("host/Host.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <OutputPath>bin/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="MessageRouter" Version="{PackedPackages.Version}" /></ItemGroup>
              {settings}
            </Project>
            """);
        await Dotnet("host", "build");
        return Settings(Files["host/bin/Host.runtimeconfig.json"]);
    }

    private static Dictionary<string, string> Settings(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.ToString().ToLowerInvariant());
    }

    private Task Dotnet(string folder, params IEnumerable<string> arguments) => Started(new DotnetCommand(Files.Path, Files[folder], arguments)).Succeeds();
}
