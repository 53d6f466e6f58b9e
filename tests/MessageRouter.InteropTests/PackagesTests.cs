using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using MessageRouter.Client.Logging;
using MessageRouter.InteropTests.Documentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MessageRouter.InteropTests;

/// <summary>The packages as a stranger uses them: in a fresh project outside the repository, from a feed.</summary>
public sealed class PackagesTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly string Host = Snippet.Of("docs/hosting.md");

    /// <summary>The port between two components of one node.</summary>
    private static readonly int Way = Ports.Free();

    /// <summary>A file needs it, and where in the file its absence is shown.</summary>
    private static readonly Dictionary<string, string> WhereNeeded = new()
    {
        ["MessageRouter.CSharp"] = "filter `errors`",
        ["MessageRouter.NetMq"] = "engine",
        ["MessageRouter.Control"] = "`control`",
        ["MessageRouter.Curve"] = "`security`",
        ["MessageRouter.Cluster"] = "`cluster`",
    };

    public static TheoryData<string> Needed => [.. WhereNeeded.Keys];

    [SkippableFact]
    public async Task Every_package_says_what_it_is_and_brings_its_page_icon_and_documentation()
    {
        foreach (var name in PackedPackages.Names)
        {
            using var package = System.IO.Compression.ZipFile.OpenRead(Path.Combine(await PackedPackages.FolderAsync(), $"{name}.{PackedPackages.Version}.nupkg"));
            var files = package.Entries.Select(entry => entry.FullName).ToList();
            using var reader = new StreamReader(package.GetEntry($"{name}.nuspec")!.Open());
            var description = await reader.ReadToEndAsync();

            Assert.Empty(new HashSet<string> { "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" }.Except(files));
            foreach (var element in (string[])["<description>", "<tags>", "<license type=\"expression\">Apache-2.0</license>", "<readme>README.md</readme>", "<icon>icon.png</icon>"])
                Assert.Contains(element, description, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(await PackedPackages.FolderAsync(), $"{name}.{PackedPackages.Version}.snupkg")));
        }
    }

    [SkippableFact]
    public async Task Packages_require_each_other_in_the_very_same_version()
    {
        foreach (var name in PackedPackages.Names)
        {
            var wrong = (await DependenciesOf(name)).Where(dependency => PackedPackages.Names.Contains(dependency.Id) && dependency.Version != $"[{PackedPackages.Version}]");

            Assert.True(!wrong.Any(), $"{name}: {string.Join(", ", wrong)}");
        }
    }

    [SkippableTheory]
    [InlineData("MessageRouter.Zmtp")]
    [InlineData("MessageRouter.Curve", "MessageRouter.Zmtp", "libsodium")]
    [InlineData("MessageRouter", "MessageRouter.Zmtp", "Akka", "Akka.Hosting", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Newtonsoft.Json", "System.Configuration.ConfigurationManager")]
    [InlineData("MessageRouter.CSharp", "MessageRouter", "Microsoft.CodeAnalysis.CSharp")]
    [InlineData("MessageRouter.NetMq", "MessageRouter", "NetMQ")]
    [InlineData("MessageRouter.Control", "MessageRouter", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore")]
    [InlineData("MessageRouter.Cluster", "MessageRouter", "Akka.Cluster", "Akka.DistributedData")]
    [InlineData("MessageRouter.Testing", "MessageRouter", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.TimeProvider.Testing")]
    [InlineData("MessageRouter.TestKit", "MessageRouter", "MessageRouter.Testing", "Akka.TestKit.Xunit2", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Logging",
        "Microsoft.Extensions.TimeProvider.Testing", "xunit")]
    [InlineData("MessageRouter.Client", "MessageRouter.Zmtp")]
    [InlineData("MessageRouter.Extensions.Logging", "MessageRouter.Client", "Microsoft.Extensions.Logging.Configuration")]
    [InlineData("Serilog.Sinks.MessageRouter", "MessageRouter.Client", "Serilog")]
    [InlineData("NLog.Targets.MessageRouter", "MessageRouter.Client", "NLog")]
    public async Task A_package_depends_on_what_it_uses_itself_and_on_nothing_else(string package, params string[] dependencies) =>
        Assert.Equal(dependencies.Order(StringComparer.Ordinal), (await DependenciesOf(package)).Select(dependency => dependency.Id).Order(StringComparer.Ordinal));

    [SkippableFact]
    public async Task The_wire_is_compiled_ahead_of_time_and_brings_nothing_else()
    {
        await Project("app", ["MessageRouter.Zmtp"], Snippet.Of("src/MessageRouter.Zmtp/README.md"), "<PublishAot>true</PublishAot><CppCompilerAndLinker>gcc</CppCompilerAndLinker>");

        await Dotnet("app", "publish", "-warnaserror", "--output", "published");
        var app = Started(new Peer(Files["app"], Files["app/published/app"], []));

        Assert.Equal(0, await app.Exits());
        Assert.Equal(["hello"], app.Output.Lines);
        Assert.Equal(["MessageRouter.Zmtp"], PackagesOf("app").Where(name => !name.Contains("ILCompiler", StringComparison.OrdinalIgnoreCase) && name != "Microsoft.NET.ILLink.Tasks"));
    }

    [SkippableFact]
    public async Task A_host_has_no_more_than_it_asked_for()
    {
        await Project("host", ["MessageRouter"], Host, hosting: true);
        Files.Write("host/node.conf", """router { inputs { in { type = generator, count = 3, template = "{\"n\":%{seq}}", to = out } }, outputs { out { type = stdout } } }""");

        await Dotnet("host", "build", "-warnaserror");
        var host = Started(new Peer(Files["host"], "dotnet", ["bin/host.dll"]));
        await host.Prints(line => line == """{"n":3}""", "the last message");
        host.Send(Signal.Terminate);

        Assert.Equal(0, await host.Exits());
        Assert.DoesNotContain(PackagesOf("host"), IsNotAskedFor);
        var said = System.Text.RegularExpressions.Regex.Match(await File.ReadAllTextAsync(Repository.File("docs/hosting.md")), @"has (\d+) assemblies, ([\d.]+) MB");
        var assemblies = Directory.GetFiles(Files["host/bin"], "*.dll").Where(file => Path.GetFileName(file) != "host.dll").ToList();
        Assert.Equal(said.Groups[1].Value, $"{assemblies.Count}");
        Assert.InRange(assemblies.Sum(file => new FileInfo(file).Length) / 1e6 - double.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture), -0.5, 0.5);
        Assert.DoesNotContain(Directory.GetFiles(Files["host/bin"], "*.dll").Select(Path.GetFileNameWithoutExtension), name => IsNotAskedFor(name!));

        static bool IsNotAskedFor(string name) =>
            name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name.Contains("NetMQ", StringComparison.OrdinalIgnoreCase) || name.StartsWith("System.ServiceModel", StringComparison.Ordinal) || name == "AsyncIO";
    }

    [SkippableFact]
    public async Task A_file_that_needs_a_package_says_which_and_where()
    {
        await Project("host", ["MessageRouter"], Host, hosting: true);
        await Dotnet("host", "build", "-warnaserror");
        foreach (var (package, where) in WhereNeeded)
        {
            Files.Write("host/node.conf", FileThatNeeds(package));
            var host = Started(new Peer(Files["host"], "dotnet", ["bin/host.dll"]));

            Assert.NotEqual(0, await host.Exits());
            Assert.Contains(host.Errors.Lines, line => line.Contains($"needs the package {package}", StringComparison.Ordinal));
            Assert.Contains(host.Errors.Lines, line => line.Contains(where, StringComparison.Ordinal));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Needed))]
    public async Task A_reference_to_the_package_that_a_file_needs_is_enough(string package)
    {
        Files.Write("host/node.conf", FileThatNeeds(package));
        await Project("host", ["MessageRouter", package], Host, hosting: true);
        await Dotnet("host", "build", "-warnaserror");

        var host = Started(new Peer(Files["host"], "dotnet", ["bin/host.dll"]));
        await host.Prints(line => line == """{"n":3}""", "a message");
        host.Send(Signal.Terminate);

        Assert.Equal(0, await host.Exits());
    }

    [SkippableFact]
    public async Task A_mistake_in_a_hosted_nodes_file_is_shown_once_without_a_stack_trace()
    {
        await Project("host", ["MessageRouter"], Host, hosting: true);
        Files.Write("host/node.conf", "router { inputs { in { type = generator, rte = 1, to = out } }, outputs { out { type = stdout } } }");
        await Dotnet("host", "build", "-warnaserror");

        var host = Started(new Peer(Files["host"], "dotnet", ["bin/host.dll"]));

        Assert.NotEqual(0, await host.Exits());
        var said = string.Join('\n', host.Output.Lines.Concat(host.Errors.Lines));
        Assert.Equal(2, said.Split("unknown key `rte`").Length);
        Assert.Contains("did you mean `rate`?", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_cannot_start_is_shown_once_where_a_host_leaves_it_at_what_its_log_has()
    {
        var port = Ports.Free();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        taken.Start();
        await Project("host", ["MessageRouter"], Snippet.In("csharp").Single(snippet => snippet.Page == "docs/hosting.md" && snippet.Text.Contains("catch", StringComparison.Ordinal)).Text, hosting: true);
        Files.Write("host/node.conf", $$"""router { inputs { in { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{port}}", to = out } }, outputs { out { type = stdout } } }""");
        await Dotnet("host", "build", "-warnaserror");

        var host = Started(new Peer(Files["host"], "dotnet", ["bin/host.dll"]));

        Assert.Equal(78, await host.Exits());
        var said = string.Join('\n', host.Output.Lines.Concat(host.Errors.Lines));
        Assert.Equal(2, said.Split("cannot be bound").Length);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task One_line_in_an_application_and_its_logs_are_in_the_node()
    {
        var port = Ports.Free();
        var node = RunNode($$"""router { inputs { apps { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{port}}", to = out } }, outputs { out { type = stdout } } }""");
        await Project("app", ["MessageRouter.Extensions.Logging"], Snippet.Of("src/MessageRouter.Extensions.Logging/README.md").Replace("5224", $"{port}", StringComparison.Ordinal), hosting: true);
        await Dotnet("app", "build", "-warnaserror");

        var app = Started(new Peer(Files["app"], "dotnet", ["bin/app.dll"]));
        await node.Prints(line => line.Contains("Application started", StringComparison.Ordinal) && line.Contains("\"logger\":\"Microsoft.Hosting.Lifetime\"", StringComparison.Ordinal), "the application's first line");
        app.Send(Signal.Terminate);
        Assert.Equal(0, await app.Exits());
        await node.Prints(line => line.Contains("Application is shutting down", StringComparison.Ordinal), "the application's last line");

        Assert.DoesNotContain(PackagesOf("app"), name => name.StartsWith("Akka", StringComparison.Ordinal) || name is "Newtonsoft.Json" or "MessageRouter");
    }

    [SkippableFact]
    public async Task The_readmes_one_line_puts_the_logs_of_a_web_application_into_the_log_of_the_readmes_node()
    {
        var ports = (string[])["5222", "5223", "5224"];
        var free = ports.ToDictionary(port => port, _ => $"{Ports.Free()}");
        var line = Snippet.In("csharp").Single(snippet => snippet.Page == "README.md" && snippet.Text.Contains("AddMessageRouter", StringComparison.Ordinal)).Text;
        var node = RunNode(Here(Snippet.Of("README.md", "hocon")));
        await node.Starts();
        await Dotnet("", "new", "web", "--output", "web", "--no-restore");
        const string Builder = "var builder = WebApplication.CreateBuilder(args);";
        var program = await File.ReadAllTextAsync(Files["web/Program.cs"]);
        Files.Write("web/Program.cs", program.Replace(Builder, $"{Builder}\n{Here(line)}", StringComparison.Ordinal));
        Files.Write("web/nuget.config", $"""<configuration><packageSources><add key="packed" value="{await PackedPackages.FolderAsync()}" /></packageSources></configuration>""");
        await Dotnet("web", "add", "package", "MessageRouter.Extensions.Logging");
        await Dotnet("web", "build", "-warnaserror", "--output", "bin");

        var web = Started(new Peer(Files["web"], "dotnet", ["bin/web.dll", "--urls", "http://127.0.0.1:0"]));

        await web.Until(() => Log().Contains("Application started", StringComparison.Ordinal), "the application's first line in the log of the node");
        web.Send(Signal.Terminate);
        Assert.Equal(0, await web.Exits());
        await node.Stops();
        Assert.Contains("Application is shutting down", Log(), StringComparison.Ordinal);

        string Here(string text) => ports.Aggregate(text, (all, port) => all.Replace($":{port}", $":{free[port]}", StringComparison.Ordinal));
        string Log() => string.Join('\n', Files.Lines("app.log"));
    }

    [SkippableTheory]
    [InlineData("Serilog.Sinks.MessageRouter")]
    [InlineData("NLog.Targets.MessageRouter")]
    public async Task The_sink_of_a_logging_library_works_as_its_page_says(string package)
    {
        var port = Ports.Free();
        var page = $"src/{package}/README.md";
        var node = RunNode($$"""router { inputs { apps { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{port}}", to = out } }, outputs { out { type = stdout } } }""");
        var program = package.StartsWith("Serilog", StringComparison.Ordinal) ? Snippet.Of(page).Replace("5224", $"{port}", StringComparison.Ordinal) : """
            NLog.LogManager.Configuration = new NLog.Config.XmlLoggingConfiguration("nlog.config");
            NLog.LogManager.GetLogger("shop").Info("order {Order} took {Elapsed} ms", 7, 3);
            NLog.LogManager.Shutdown();
            """;
        if (package.StartsWith("NLog", StringComparison.Ordinal)) Files.Write("app/nlog.config", Snippet.Of(page, "xml").Replace("5224", $"{port}", StringComparison.Ordinal));
        await Project("app", [package], program);
        await Dotnet("app", "build", "-warnaserror");

        var app = Started(new Peer(Files["app"], "dotnet", ["bin/app.dll"]));

        Assert.Equal(0, await app.Exits());
        var line = await node.Prints(line => line.Contains("order 7 took 3 ms", StringComparison.Ordinal), "the event");
        Assert.Contains("""{"Order":7,"Elapsed":3}""", line, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_an_application_that_crashes_everything_arrives_that_it_had_flushed_and_of_the_rest_whole_messages_in_order()
    {
        var port = Ports.Free();
        var node = RunNode($$"""router { inputs { apps { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:{{port}}", to = out } }, outputs { out { type = stdout } } }""");
        await Project("app", ["MessageRouter.Client"], $$$"""
            using System.Text;
            using MessageRouter.Client;

            var client = new MessageClient("tcp://127.0.0.1:{{{port}}}");
            for (var n = 0; n < 1000; n++) client.TrySend(Encoding.UTF8.GetBytes("{\"n\":" + n + "}"));
            await client.FlushAsync();
            Console.WriteLine($"sent {client.Statistics.Sent}");
            for (var n = 1000; n < 5000; n++) client.TrySend(Encoding.UTF8.GetBytes("{\"n\":" + n + "}"));
            Environment.FailFast("A crash.");
            """);
        await Dotnet("app", "build", "-warnaserror");

        var app = Started(new Peer(Files["app"], "dotnet", ["bin/app.dll"]));

        Assert.NotEqual(0, await app.Exits());
        Assert.Contains("sent 1000", app.Output.Lines);
        await node.Prints(line => line == """{"n":999}""", "the last message that was flushed");
        await node.Stops();
        var lines = node.Output.Lines.ToList();
        Assert.Equal(Enumerable.Range(0, lines.Count).Select(n => $$"""{"n":{{n}}}"""), lines);
    }

    [SkippableFact]
    public async Task Perl_reads_what_an_application_logs_in_the_shape_of_log_dispatch()
    {
        var port = Ports.Free();
        var perl = MessagePass("--input", "ZeroMQ", "--input_options", $$"""{"socket_bind":"tcp://127.0.0.1:{{port}}","socket_type":"PULL"}""", "--output", "STDOUT");
        await perl.Listens(port);
        await using var provider = new ServiceCollection().AddLogging(logging => logging.AddMessageRouter(options =>
        {
            options.Endpoint = $"tcp://127.0.0.1:{port}";
            options.Shape = LogShape.MessagePassing;
            options.Application = "shop";
        })).BuildServiceProvider();

        provider.GetRequiredService<ILogger<PackagesTests>>().LogWarning("{Count} left", 3);

        var line = await perl.Prints(line => line.Contains("3 left", StringComparison.Ordinal), "the event");
        using var json = JsonDocument.Parse(line);
        Assert.Equal(["level", "message", "name"], json.RootElement.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(("shop", "warning"), (json.RootElement.GetProperty("name").GetString(), json.RootElement.GetProperty("level").GetString()));
    }

    /// <summary>A node that prints <c>{"n":3}</c> where a package is there.</summary>
    private string FileThatNeeds(string package)
    {
        using var hub = Curve.CurveKeys.Generate();
        Directory.CreateDirectory(Files["host/known"]);
        if (package == "MessageRouter.Curve")
        {
            hub.Save(Files["host/hub.key"]);
            File.Copy(Files["host/hub.key"], Files["host/known/hub.key"]);
        }
        return package switch
        {
            "MessageRouter.CSharp" => """
                router { inputs { in { type = generator, count = 3, template = "{\"n\":%{seq}}", to = errors } }, filters { errors { type = csharp, when = "message[\"n\"] == 3", to = out } }, outputs { out { type = stdout } } }
                """,
            "MessageRouter.NetMq" => """
                router {
                  inputs { in { type = generator, rate = 10, template = "{\"n\":%{seq}}", to = away }, back { type = zeromq, socket-type = pull, connect = "inproc://way", to = out } }
                  outputs { away { type = zeromq, socket-type = push, bind = "inproc://way", engine = netmq }, out { type = stdout } }
                }
                """,
            "MessageRouter.Control" => $$$"""
                router { control { http { bind = "127.0.0.1:{{{Ports.Free()}}}" } }, inputs { in { type = generator, count = 3, template = "{\"n\":%{seq}}", to = out } }, outputs { out { type = stdout } } }
                """,
            "MessageRouter.Curve" => $$$"""
                router {
                  security { identities { hub { file = "hub.key_secret" } }, peers { known { directory = "known" } } }
                  inputs { in { type = generator, rate = 10, template = "{\"n\":%{seq}}", to = away }, back { type = zeromq, socket-type = pull, connect = "tcp://127.0.0.1:{{{Way}}}", curve { identity = hub, server = "hub.key" }, to = out } }
                  outputs { away { type = zeromq, socket-type = push, bind = "tcp://127.0.0.1:{{{Way}}}", curve { identity = hub, allow = [known] } }, out { type = stdout } }
                }
                """,
            _ => $$$"""
                router {
                  cluster { name = logs, bind = "127.0.0.1:{{{Way}}}", seed-nodes = ["127.0.0.1:{{{Way}}}"] }
                  inputs { in { type = generator, rate = 10, template = "{\"n\":%{seq}}", to = jobs }, work { type = cluster, stream = jobs, delivery = at-least-once, to = out } }
                  outputs { jobs { type = cluster, stream = jobs, delivery = at-least-once }, out { type = stdout } }
                }
                """,
        };
    }

    /// <summary>Writes a program that references packages.</summary>
    private async Task Project(string name, string[] packages, string program, string settings = "", bool hosting = false)
    {
        Files.Write($"{name}/Program.cs", program);
        Files.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <OutputPath>bin/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <RestoreAdditionalProjectSources>{await PackedPackages.FolderAsync()}</RestoreAdditionalProjectSources>
                {settings}
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Select(package => $"<PackageReference Include=\"{package}\" Version=\"{PackedPackages.Version}\" />"))}
                {(hosting ? "<PackageReference Include=\"Microsoft.Extensions.Hosting\" Version=\"10.0.14\" />" : "")}
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>What a package says that it needs.</summary>
    private static async Task<List<(string Id, string Version)>> DependenciesOf(string name)
    {
        using var package = System.IO.Compression.ZipFile.OpenRead(Path.Combine(await PackedPackages.FolderAsync(), $"{name}.{PackedPackages.Version}.nupkg"));
        await using var description = package.GetEntry($"{name}.nuspec")!.Open();
        var nuspec = await XDocument.LoadAsync(description, LoadOptions.None, CancellationToken.None);
        return [.. nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => ((string)element.Attribute("id")!, (string)element.Attribute("version")!))];
    }

    /// <summary>All packages of a project, those that others bring included.</summary>
    private List<string> PackagesOf(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Files[$"{project}/obj/project.assets.json"]));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0])];
    }

    private Task Dotnet(string folder, params IEnumerable<string> arguments) => Started(new DotnetCommand(Files.Path, Files[folder], arguments)).Succeeds();
}
