using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests;

/// <summary>
/// The commands of the original's documentation, run by a shell with nothing changed but the program's name, the
/// addresses (which the document leaves out or which a test may not take) and the file. Where the router speaks with Perl it does so by
/// each of its engines, and one that is not the usual one is named among the options.
/// </summary>
public sealed partial class SeedCommandsTests(ITestOutputHelper output) : InteropTest(output)
{
    private static readonly string Ours = $"dotnet '{RouterProcess.Command}'";

    private const string Perls = "message-pass";

    private const string NotOurs = "Perl's";

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string> { { Wiring.Engines[0], Wiring.Engines[0] }, { NotOurs, NotOurs } };
            foreach (var engine in Wiring.Engines)
            {
                pairs.Add(engine, NotOurs);
                pairs.Add(NotOurs, engine);
            }
            return pairs;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task What_is_typed_in_terminal_1_shows_in_terminal_2(string one, string two)
    {
        Requires.Perl();
        var port = Ports.Free();
        var terminal2 = Shell(two, $$"""
            PROGRAM --output STDOUT --input ZeroMQ --input_options '{"socket_bind":"tcp://*:{{port}}"}'
            """);
        await terminal2.Listens(port);
        var terminal1 = Shell(one, $$"""
            PROGRAM --input STDIN --output ZeroMQ --output_options '{"connect":"tcp://127.0.0.1:{{port}}"}'
            """);

        await Conversation.AssertEveryLineArrives(terminal1, terminal2, "PUB/SUB", count: 1);
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task The_aggregation_server_writes_what_applications_log(string application, string server)
    {
        Requires.Perl();
        var port = Ports.Free();
        var aggregator = Shell(server, $$"""
            PROGRAM --input ZeroMQ --input_options '{"socket_bind":"tcp://*:{{port}}"}' \
                --output File --output_options '{"filename":"{{Files["my_test.log"]}}"}'
            """);
        await aggregator.Listens(port);
        var logger = Shell(application, $$"""
            PROGRAM --input STDIN --output ZeroMQ --output_options '{"connect":"tcp://127.0.0.1:{{port}}"}'
            """);

        await Conversation.Greet(logger, () => Files.Lines("my_test.log").Any(), aggregator);
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task The_distributor_feeds_a_pool_of_workers(string distributing, string working)
    {
        Requires.Perl();
        var (from, to) = (Ports.Free(), Ports.Free());
        var distributor = Shell(distributing, $$"""
            PROGRAM --input ZeroMQ --input_options '{"socket_bind":"tcp://*:{{from}}"}' \
                --output ZeroMQ --output_options '{"socket_bind":"tcp://*:{{to}}","socket_type":"PUSH"}'
            """);
        await distributor.Listens(from);
        Peer Worker() => Shell(working, $$"""
            PROGRAM --input ZeroMQ --input_options '{"connect":"tcp://127.0.0.1:{{to}}","socket_type":"PULL"}' --output STDOUT
            """);
        Peer[] workers = [Worker(), Worker()];
        var logger = Shell(NotOurs, $$"""
            PROGRAM --input STDIN --output ZeroMQ --output_options '{"connect":"tcp://127.0.0.1:{{from}}"}'
            """);

        foreach (var worker in workers)
        {
            await Conversation.Greet(logger, () => worker.Output.Lines.Length > 0, worker);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task A_worker_class_works_for_the_distributor(string distributing, string working)
    {
        Requires.Perl();
        var (from, to) = (Ports.Free(), Ports.Free());
        var distributor = Shell(distributing, $$"""
            PROGRAM --input ZeroMQ --input_options '{"socket_bind":"tcp://*:{{from}}"}' \
                --output ZeroMQ --output_options '{"socket_bind":"tcp://*:{{to}}","socket_type":"PUSH"}'
            """);
        await distributor.Listens(from);
        var worker = Shell(working, $$"""
            PROGRAM --input ZeroMQ --input_options '{"connect":"tcp://127.0.0.1:{{to}}","socket_type":"PULL"}' \
                --filter '+MyApp::MessageWorker' \
                --output STDOUT
            """);
        var logger = Shell(distributing, $$"""
            PROGRAM --input STDIN --output ZeroMQ --output_options '{"connect":"tcp://127.0.0.1:{{from}}"}'
            """);

        await Conversation.Greet(logger, () => worker.Output.Lines.Contains("worked on 7"), worker, Numbered.Line(7));
    }

    /// <param name="whose">Perl's, or the engine of ours.</param>
    /// <param name="command">The command.</param>
    private Peer Shell(string whose, string command)
    {
        string Named(string program) => command.Replace("PROGRAM", program, StringComparison.Ordinal);
        return Started(whose == NotOurs ? PerlPeer.Shell(Files.Path, Named(Perls)) : Router(By(whose, Named(Ours))));
    }

    private static string By(string engine, string command) =>
        engine == Wiring.Engines[0] ? command : SocketPattern().Replace(command, $"'{{\"engine\":\"{engine}\",\"");

    private Peer Router(string command) =>
        new(Files.Path, "bash", ["-c", "exec " + command], ("MESSAGE_ROUTER_PLUGINS", typeof(MyApp.MessageWorker).Assembly.Location));

    /// <summary>The beginning of the options of a socket.</summary>
    [GeneratedRegex("""'\{"(?=socket_bind|connect)""")]
    private static partial Regex SocketPattern();
}
