using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MessageRouter.Cli.Help;

/// <summary>Help that begins with commands to copy.</summary>
internal sealed class ExamplesFirst(HelpAction reference) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        [""] = """
              message-router run                      a node that shows what it does
              message-router run node.conf            a node as its file describes it
              message-router --input STDIN --output ZeroMQ --output-options '{"connect":"tcp://127.0.0.1:5558"}'
              message-router --input ZeroMQ --input-options '{"socket_bind":"tcp://*:5558"}' --output STDOUT
              message-router pass --help              all options of such command lines
              message-router top                      what goes on in the node that runs
            """,
        ["run"] = """
              message-router run
              message-router run node.conf --set router.name=aggregator --summary-file ledger.json
            """,
        ["pass"] = """
              message-router pass --input ZeroMQ --input-options '{"socket_bind":"tcp://*:5222"}' \
                  --filter Key --filter-options '{"key":"level","match":"error"}' \
                  --output File --output-options '{"filename":"errors.log"}'
              message-router --input STDIN --output STDOUT
            """,
        ["validate"] = """
              message-router validate node.conf
            """,
        ["test"] = """
              message-router test node.tests.conf
              message-router test tests/ --junit results.xml
              message-router test tests/ --filter archive --watch
            """,
        ["components"] = """
              message-router components
              message-router components zeromq
            """,
        ["graph"] = """
              message-router graph                            the node that runs, with its rates and what it drops
              message-router graph node.conf --format svg > node.svg
            """,
        ["nodes"] = """
              message-router nodes
              message-router nodes --format json | jq -r '.[].socket'
            """,
        ["status"] = """
              message-router status
              message-router status --node aggregator --watch
              message-router status --format json | jq '.components[] | {name, dropped}'
            """,
        ["health"] = """
              message-router health
              message-router health --control http://127.0.0.1:9600 --token-file token --format json
            """,
        ["top"] = """
              message-router top                              ? shows its keys, q ends it
              message-router top --interval 2s --count 10     a table every two seconds, for a log or a pipe
            """,
        ["tap"] = """
              message-router tap errors-only --limit 10
              message-router tap app-logs --where 'message["level"] == "error"' --format raw
              message-router tap archive workers --side dropped --side failed --record lost.jsonl
            """,
        ["stop"] = """
              message-router stop
              message-router stop --node aggregator --wait 30s
            """,
        ["resize"] = """
              message-router resize redact 8
              message-router resize workers.mail 0
            """,
        ["new"] = """
              message-router new filter Acme.Redact
            """,
        ["filter"] = """
              message-router new filter Acme.Redact
              message-router new filter redact --output ~/filters/redact
            """,
    };

    public override bool ClearsParseErrors => true;

    /// <summary>Gives a root command and all below it this help.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesFirst((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        if (Examples.TryGetValue(command is RootCommand ? "" : command.Name, out var examples))
            parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}\n");
        return reference.Invoke(parseResult);
    }
}
