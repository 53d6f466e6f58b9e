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
              message-router run node.conf --watch            reloads whenever the file changes
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
        ["config"] = """
              message-router config node.conf --origin        every value, and where it is from
              message-router config node.conf --diff new.conf
              message-router config --live --diff node.conf   what a reload would bring
            """,
        ["fmt"] = """
              message-router fmt node.conf conf.d
              message-router fmt --check *.conf               for a pre-commit hook and for CI: names what would change
            """,
        ["schema"] = """
              message-router schema > message-router.schema.json
              message-router schema node.conf > node.schema.json      with the components of the file's plug-ins
            """,
        ["graph"] = """
              message-router graph                            the node that runs, with its rates and what it drops
              message-router graph node.conf --format svg > node.svg
              message-router graph --node a --cluster         who feeds streams to whom
            """,
        ["explain"] = """
              message-router explain node.conf --input app-logs --message '{"level":"info","text":"started"}'
              tail -n 3 app.log | message-router explain node.conf
              message-router explain --live --input app-logs --message '{"level":"error"}'     the node that runs
            """,
        ["ledger"] = """
              message-router ledger check front.json hub.json archive.json
            """,
        ["check"] = """
              message-router ledger check front.json hub.json archive.json
              message-router ledger check runs/*.json --complete --format json | jq .adds_up
              message-router ledger check --node a --cluster  the nodes of its cluster, while they run
            """,
        ["completion"] = """
              source <(message-router completion bash)        for this shell; in ~/.bashrc for all
              message-router completion zsh > ~/.zfunc/_message-router
              message-router completion fish > ~/.config/fish/completions/message-router.fish
              message-router completion pwsh | Out-String | Invoke-Expression
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
              message-router top --node a --cluster           all nodes of its cluster
            """,
        ["tap"] = """
              message-router tap errors-only --limit 10
              message-router tap app-logs --where 'message["level"] == "error"' --format raw
              message-router tap archive workers --side dropped --side failed --record lost.jsonl
            """,
        ["reload"] = """
              message-router reload --plan                    what would change, and nothing is done
              message-router reload                           shows it, asks, and applies it
              message-router reload new.conf --yes            what another file says, without asking
              message-router reload --node a --cluster        all nodes of its cluster, one after the other
              message-router reload new.conf --node a --cluster --role edge --all-or-none    another file for all of a role
            """,
        ["stop"] = """
              message-router stop
              message-router stop --node aggregator --wait 30s
            """,
        ["resize"] = """
              message-router resize redact 8
              message-router resize workers.mail 0
            """,
        ["help"] = """
              message-router help run
              message-router help --man | man -l -
            """,
        ["new"] = """
              message-router new filter Acme.Redact
            """,
        ["keys"] = """
              message-router keys new node -d keys            keys/node.key, and keys/node.key_secret for the node alone
              message-router keys check keys/node.key_secret keys/clients
            """,
        ["keys new"] = """
              message-router keys new node -d keys
              message-router keys new alice -d keys/clients
            """,
        ["keys show"] = """
              message-router keys show keys/alice.key >> office.keys
            """,
        ["keys fingerprint"] = """
              message-router keys fingerprint keys/node.key
            """,
        ["keys check"] = """
              message-router keys check keys/node.key_secret keys/clients users
            """,
        ["keys password"] = """
              message-router keys password alice >> users
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

    /// <summary>The examples of a command; null where it has none.</summary>
    public static string? Of(Command command) => Examples.GetValueOrDefault(command switch
    {
        RootCommand => "",
        _ when command.Parents.OfType<Command>().FirstOrDefault() is { Name: "keys" } => $"keys {command.Name}",
        _ => command.Name,
    });

    public override int Invoke(ParseResult parseResult)
    {
        if (Of(parseResult.CommandResult.Command) is { } examples) parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}\n");
        return reference.Invoke(parseResult);
    }
}
