using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MessageRouter.Tests.Repository;

public partial class LayoutTests
{
    [Theory]
    [InlineData("NetMQ", "MessageRouter.NetMq/")]
    [InlineData("System.CommandLine", "MessageRouter.Cli/")]
    [InlineData("Spectre.Console", "MessageRouter.Cli/Controlling/Top/")]
    [InlineData("Microsoft.CodeAnalysis", "MessageRouter.CSharp/")]
    [InlineData("Microsoft.AspNetCore", "MessageRouter.Control/")]
    [InlineData("Microsoft.Extensions.Hosting.Systemd", "MessageRouter.Cli/")]
    [InlineData("Akka.Cluster", "MessageRouter.Cluster/Membership/")]
    [InlineData("Akka.Remote", "MessageRouter.Cluster/Membership/")]
    [InlineData("Akka.DistributedData", "MessageRouter.Cluster/Membership/")]
    [InlineData("OpenTelemetry", "MessageRouter.Control/Metrics/")]
    [InlineData("MessageRouter.Configuration.Hocon", "MessageRouter/Configuration/", "MessageRouter/Hosting/", "MessageRouter.Cli/", "MessageRouter.Testing/", "MessageRouter.TestKit/")]
    [InlineData("Akka.Configuration", "MessageRouter.Cluster/Membership/", "MessageRouter/Mailboxes/ComponentMailboxType.cs", "MessageRouter/Hosting/", "MessageRouter/Trials/TrialNode.cs", "MessageRouter.Testing/", "MessageRouter.TestKit/")]
    [InlineData("Newtonsoft.Json", "MessageRouter/Message.cs", "MessageRouter/Message.With.cs", "MessageRouter/MessageField.cs", "MessageRouter/MessageFieldText.cs", "MessageRouter/Json/", "MessageRouter.CSharp/", "MessageRouter/Components/ErrorChain.cs",
        "MessageRouter/Configuration/Binding/", "MessageRouter/Hosting/", "MessageRouter/Filters/", "MessageRouter/Security/", "MessageRouter.Cli/", "MessageRouter.Testing/", "MessageRouter.TestKit/")]
    public void Each_foreign_technology_has_one_home(string technology, params string[] homes)
    {
        var strangers = Sources()
            .Where(file => !homes.Any(home => file.Path.StartsWith(home, StringComparison.Ordinal)))
            .Where(file => Regex.IsMatch(file.Text, $@"^using (static )?{Regex.Escape(technology)}\b", RegexOptions.Multiline))
            .Select(file => file.Path);

        Assert.Empty(strangers);
    }

    [Theory]
    [InlineData("MessageRouter.Zmtp")]
    [InlineData("MessageRouter.Curve", "MessageRouter.Zmtp")]
    [InlineData("MessageRouter", "MessageRouter.Zmtp")]
    [InlineData("MessageRouter.CSharp", "MessageRouter")]
    [InlineData("MessageRouter.NetMq", "MessageRouter")]
    [InlineData("MessageRouter.Testing", "MessageRouter")]
    [InlineData("MessageRouter.TestKit", "MessageRouter", "MessageRouter.Testing")]
    [InlineData("MessageRouter.Client", "MessageRouter.Zmtp")]
    [InlineData("MessageRouter.Extensions.Logging", "MessageRouter.Client")]
    [InlineData("Serilog.Sinks.MessageRouter", "MessageRouter.Client")]
    [InlineData("NLog.Targets.MessageRouter", "MessageRouter.Client")]
    [InlineData("MessageRouter.Control", "MessageRouter")]
    [InlineData("MessageRouter.Cluster", "MessageRouter")]
    [InlineData("MessageRouter.Cli", "MessageRouter.CSharp", "MessageRouter.Cluster", "MessageRouter.Control", "MessageRouter.Curve", "MessageRouter.NetMq", "MessageRouter.Testing")]
    [InlineData("MessageRouter.Templates", "MessageRouter.Zmtp", "MessageRouter", "MessageRouter.Testing", "MessageRouter.TestKit")]
    public void The_arrows_between_packages_point_one_way(string package, params string[] targets) =>
        Assert.Equal(targets, References(package, "ProjectReference").Select(Path.GetFileNameWithoutExtension));

    [Fact]
    public void Every_folder_is_a_package_whose_arrows_are_known() =>
        Assert.Equal(15, Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories).Count(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/filter/", StringComparison.Ordinal)));

    [Fact]
    public void Every_package_is_in_the_tables_of_the_readme_and_of_the_routers_page()
    {
        var pages = ((string[])["README.md", "src/MessageRouter/README.md"]).Select(page => File.ReadAllText(Repository.File(page)));
        var packages = Directory.GetDirectories(Repository.File("src")).Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => $"`{Path.GetFileName(folder)}`").ToList();

        Assert.NotEmpty(packages);
        foreach (var page in pages) Assert.All(packages, package => Assert.Contains(page.Split('\n'), line => line.StartsWith('|') && line.Contains(package, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_wire_needs_nothing_but_the_framework() => Assert.Empty(References("MessageRouter.Zmtp", "PackageReference"));

    [Fact]
    public void A_files_namespace_is_its_folder()
    {
        var strangers = Sources()
            // Extensions are where .NET and the logging libraries look for them.
            .Where(file => !Regex.IsMatch(file.Path, "(ServiceCollection|LoggingBuilder|LoggerConfiguration|EndpointRouteBuilder|HealthChecksBuilder)Extensions\\.cs$"))
            .Where(file => NamespacePattern().Match(file.Text) is { Success: true } match
                && match.Groups[1].Value != Path.GetDirectoryName(file.Path)!.Replace('/', '.'))
            .Select(file => file.Path);

        Assert.Empty(strangers);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(Sources().Where(file => file.Text.Count(c => c == '\n') > 400).Select(file => file.Path));

    private static IEnumerable<string> References(string package, string kind) =>
        XDocument.Load(Repository.File($"src/{package}/{package}.csproj")).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var src = Repository.File("src");
        return Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(src, path).Replace('\\', '/'), Full: path))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))

            // What others build, in projects of their own.
            .Where(file => !file.Path.StartsWith("MessageRouter.Templates/", StringComparison.Ordinal))
            .Select(file => (file.Path, File.ReadAllText(file.Full)));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();
}
