using System.Text;
using MessageRouter.Client.Logging;
using MessageRouter.Extensions.Logging;
using MessageRouter.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>Every command and snippet of the pages does what the page says, in a fresh folder, with the packages alone.</summary>
public sealed class PagesTests(ITestOutputHelper output) : InteropTest(output), IClassFixture<PagesTests.Reader>
{
    public static TheoryData<string, string> Commands
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var command in Snippet.Pages.SelectMany(Command.Of).Where(command => !Excused.Has(command))) data.Add(command.Place, command.Text);
            return data;
        }
    }

    public static TheoryData<string> Nodes => [.. Snippet.All.Where(HoconSnippet.Is).Select(snippet => snippet.Place)];

    public static TheoryData<string> Sessions => [.. ShownSession.All.Select(session => session.Place)];

    public static TheoryData<string> Programs => [.. Snippet.All.Where(PagePrograms.IsWhole).Select(snippet => snippet.Place)];

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public async Task A_command_succeeds(string place, string command)
    {
        var page = await PageRun.Of(Command.PageOf(place));

        Assert.True(page.Outcome(place).HasExited, command);
    }

    [SkippableTheory]
    [MemberData(nameof(Nodes))]
    public async Task A_node_is_valid_as_it_stands_or_with_what_is_left_out(string place)
    {
        var text = HoconSnippet.InFile(Snippet.At(place).Text);
        var folder = text.Contains("MyApp", StringComparison.Ordinal) ? await PageClasses.ProjectAsync() : Files.Path;
        PageKeys.AddTo(folder, text);
        string[] files = [Path.Combine(folder, "snippet.conf"), Path.Combine(folder, "rest.conf")];
        await File.WriteAllTextAsync(files[0], text);
        await File.WriteAllTextAsync(files[1], HoconSnippet.Rest(text));

        new RouterBuilder().FromFiles(files).Build(out var warnings);

        Assert.Empty(warnings);
    }

    [SkippableTheory]
    [MemberData(nameof(Programs))]
    public async Task A_program_starts_and_ends(string place)
    {
        var program = Started(await PagePrograms.StartAsync(Snippet.At(place)));

        await program.Until(() => program.HasExited || program.Output.Lines.Any(line => line.Contains("Application started", StringComparison.Ordinal)), "the program to start");
        Peer.Send(-program.Id, Signal.Interrupt);

        Assert.Equal(0, await program.Exits());
    }

    [SkippableFact]
    public async Task A_client_in_python_is_let_in()
    {
        Requires.PyZmq();
        const string Page = "docs/security.md";
        var page = await PageRun.Of(Page);
        await File.WriteAllTextAsync(Path.Combine(page.Folder, "client.py"), page.Elsewhere(Snippet.Of(Page, "python")));
        var node = Started(ReadersMachine.Shell(page.Folder, "exec message-router run node.conf"));

        var client = Started(new Peer(page.Folder, ZmqPeer.Python, ["client.py"]));

        await node.Prints(line => line == """{"text":"hello from python"}""", "what the client has sent");
        Assert.Equal(0, await client.Exits());
        Peer.Send(-node.Id, Signal.Interrupt);
        Assert.Equal(0, await node.Exits());
    }

    [SkippableFact]
    public async Task The_readmes_ledger_is_what_its_command_prints()
    {
        var node = (await PageRun.Of("README.md")).Outcome(Command.Of("README.md").First().Place);

        Assert.Equal(Shape(Snippet.Of("README.md", "text").Split('\n')), Shape(node.Errors.Lines.SkipWhile(line => !line.StartsWith("component ", StringComparison.Ordinal))));

        // What every component has, and names and types. Peers come and go, and with them lines and columns.
        static IEnumerable<string> Shape(IEnumerable<string> table) => table.Where(line => !line.StartsWith(' '))
            .Select((line, i) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(i == 0 ? 10 : 2)));
    }

    [SkippableFact]
    public async Task A_mistake_in_a_file_is_shown_as_the_page_shows_it()
    {
        var shown = Snippet.Of("docs/configuration.md", "text");
        Files.Write("node.conf", "router {\n  inputs { in { type = stdin, to = bus } }\n  include \"conf.d/out.conf\"\n}\n");
        Files.Write("conf.d/out.conf", $"outputs {{\n  bus {{\n    type = zeromq, bind = \"tcp://*:5558\"{new string('\n', 11)}    subscribe-dealy = 200ms\n  }}\n}}\n");

        var validate = MessageRouter("validate", "node.conf");

        Assert.Equal(78, await validate.Exits());
        Assert.StartsWith(shown, string.Join('\n', validate.Errors.Lines), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_explanation_is_what_its_command_prints()
    {
        const string page = "docs/explain.md";
        var explained = (await PageRun.Of(page)).Outcome(Command.Of(page).First().Place);

        Assert.Equal(Untimed(Snippet.Of(page, "text")), Untimed(string.Join('\n', explained.Output.Lines)));

        static string Untimed(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\[[\d.]+ m?s\]", "[]");
    }

    [SkippableTheory]
    [MemberData(nameof(Sessions))]
    public async Task A_command_prints_what_the_page_shows(string place)
    {
        var session = ShownSession.All.Single(session => session.Place == place);
        var page = Command.PageOf(place);
        Files.Write("node.conf", Snippet.All.Where(snippet => snippet.Page == page && snippet.Language == "hocon").Select(snippet => snippet.Text).FirstOrDefault("""
            router {
              name = shop
              inputs.in { type = stdin, to = sign }
              filters.sign { type = set, fields.key = secret { file = site.key }, to = out }
              outputs.out { type = null }
            }
            """));
        Files.Write("changed.conf", "include \"node.conf\"\nrouter.filters.errors-only.match = fatal\nrouter.outputs.archive.flush-interval = 200ms\n");
        Files.Write("site.key", "x");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Files["site.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var command = MessageRouter(session.Arguments);
        await command.Exits();

        var printed = string.Join('\n', command.Errors.Lines.Concat(command.Output.Lines));
        Assert.True(session.Shows(printed), printed);
    }

    [SkippableFact]
    public async Task Tests_of_a_node_pass_as_they_stand()
    {
        Files.Write("node.conf", Snippet.Of("README.md", "hocon"));
        foreach (var snippet in Snippet.All.Where(HoconSnippet.IsTests))
            Files.Write($"line{snippet.Line}.conf", $"{(snippet.Text.StartsWith("include", StringComparison.Ordinal) ? "" : "include \"node.conf\"\n")}{snippet.Text}");

        Assert.Equal(0, await MessageRouter("test", ".").Exits());
    }

    [SkippableFact]
    public async Task A_test_that_fails_is_shown_as_the_page_shows_it()
    {
        var shown = Snippet.Of("docs/testing.md", "text");
        Files.Write("node.conf", Snippet.Of("README.md", "hocon"));
        Files.Write("node.tests.conf", Snippet.Of("docs/testing.md", "hocon"));

        var test = MessageRouter("test", "node.tests.conf", "--set", "router.filters.errors-only.match=info");

        Assert.Equal(1, await test.Exits());
        Assert.Equal(WithoutTime(shown), WithoutTime(string.Join('\n', test.Output.Lines)));

        static string WithoutTime(string text) => text.TrimEnd()[..text.LastIndexOf(", in ", StringComparison.Ordinal)];
    }

    [Fact]
    public void An_applications_settings_are_read_as_the_page_shows_them()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Snippet.Of("src/MessageRouter.Extensions.Logging/README.md", "json")));
        var settings = new ConfigurationBuilder().AddJsonStream(json).Build();
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddMessageRouter()).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<MessageRouterLoggerOptions>>().Value;

        Assert.Equal(("tcp://127.0.0.1:5224", LogShape.Clef), (options.Endpoint, options.Shape));
    }

    [Fact]
    public void What_is_excused_is_on_the_pages()
    {
        Assert.Equal(Excused.Commands.Count, Snippet.Pages.SelectMany(Command.Of).Count(Excused.Has));
        Assert.Equal(Excused.Output.Count, Snippet.In("text").Count(Excused.Has));
    }

    [Fact]
    public void Every_output_that_a_page_shows_is_compared_or_excused() =>
        Assert.Equal(["README.md", "docs/configuration.md", "docs/explain.md", "docs/testing.md"], Snippet.In("text").Where(text => !Excused.Has(text) && !ShownSession.IsOne(text)).Select(text => text.Page));

    [Fact]
    public void The_client_in_python_is_the_same_on_both_pages() =>
        Assert.Equal(Snippet.Of("docs/security.md", "python").Replace("5222", "5224", StringComparison.Ordinal), Snippet.Of("README.md", "python"));

    [Fact]
    public void Every_block_is_in_a_language_that_is_tested() =>
        Assert.Empty(Snippet.All.Where(snippet => snippet.Language is not ("" or "sh" or "hocon" or "csharp" or "python" or "text" or "json" or "xml")).Select(snippet => snippet.Place));

    /// <summary>Who follows the pages, and leaves nothing of them behind.</summary>
    public sealed class Reader : IDisposable
    {
        public void Dispose() => ReadersMachine.Clear();
    }
}
