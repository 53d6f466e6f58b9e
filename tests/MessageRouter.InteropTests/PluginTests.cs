namespace MessageRouter.InteropTests;

/// <summary>Plug-ins as <c>dotnet build</c> leaves them, each in a folder with its dependencies.</summary>
public sealed class PluginTests(ITestOutputHelper output) : InteropTest(output)
{
    [SkippableFact]
    public async Task Two_plug_ins_with_two_versions_of_one_library_work_side_by_side()
    {
        foreach (var (name, version) in ((string, string)[])[("One", "1.0.0"), ("Two", "2.0.0")])
        {
            WriteLibrary(name, version);
            WriteFilter(name);
        }
        Files.Write("all.slnx", """<Solution><Project Path="One/One.csproj" /><Project Path="Two/Two.csproj" /></Solution>""");
        await Started(new DotnetCommand(Files.Path, Files.Path, "build", "all.slnx", "-warnaserror")).Succeeds();

        var node = RunNode("""
            router {
              plugins = [One/bin, Two/bin]
              inputs { in { type = stdin, to = one } }
              filters { one { class = One, to = two }, two { class = Two, to = out } }
              outputs { out { type = stdout } }
            }
            """);
        await node.WriteAsync("{}");
        node.EndInput();
        await node.Ends();

        Assert.Equal(["""{"One":"red of 1.0.0.0","Two":"green of 2.0.0.0"}"""], node.Output.Lines);
    }

    /// <summary>Of the second version the function has another name: each plug-in runs only with its own.</summary>
    private void WriteLibrary(string name, string version)
    {
        var colour = name == "One" ? "red" : "green";
        Files.Write($"{name}.Colours/Acme.Colours.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><Version>{version}</Version></PropertyGroup>
            </Project>
            """);
        Files.Write($"{name}.Colours/Colours.cs", $"public static class Colours {{ public static string {name}() => \"{colour}\"; }}");
    }

    private void WriteFilter(string name)
    {
        Files.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <EnableDynamicLoading>true</EnableDynamicLoading>
                <OutputPath>bin/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../{name}.Colours/Acme.Colours.csproj" />
                <Reference Include="{AppContext.BaseDirectory}MessageRouter.dll;{AppContext.BaseDirectory}Akka.dll;{AppContext.BaseDirectory}Newtonsoft.Json.dll" Private="false" />
              </ItemGroup>
            </Project>
            """);
        Files.Write($"{name}/{name}.cs", $$"""
            using MessageRouter;
            using MessageRouter.Components;

            public sealed class {{name}} : FilterActor
            {
                protected override Message? Filter(Message message) =>
                    message.Edit(body => body["{{name}}"] = $"{Colours.{{name}}()} of {typeof(Colours).Assembly.GetName().Version}");
            }
            """);
    }
}
