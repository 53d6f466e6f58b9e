using System.CommandLine;
using System.Text.Json;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.Help;
using MessageRouter.Cli.Joining;
using MessageRouter.Ledger;

namespace MessageRouter.Cli;

/// <summary><c>message-router ledger</c>: what became of messages, over more than one node.</summary>
internal static class LedgerCommand
{
    /// <summary>Bytes: of some ten thousand components and their peers.</summary>
    private const int LongestLedger = 64 << 20;

    public static Command Create(Surroundings surroundings) => new("ledger", "Joins the ledgers of nodes.") { Check(surroundings) };

    private static Command Check(Surroundings surroundings)
    {
        var command = new Command("check", "Joins the ledgers that nodes wrote at their end, or those of a cluster's nodes while they run, and proves that every message between them arrived or is named as lost; or says where not, and by how many.");
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Files that `run --summary-file` has written: of any number of nodes, and of several runs of each. Of a node that was killed there is none: what that leaves unknown is named.",
        };
        files.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Select(token => token.Value).Where(UsageErrors.LooksLikeOption)) result.AddError(UsageErrors.Unknown(command, token));
        });
        var cluster = new Option<bool>("--cluster") { Arity = ArgumentArity.Zero, Description = "The nodes of a cluster as they are now, instead of files." };
        var complete = new Option<bool>("--complete") { Arity = ArgumentArity.Zero, Description = "End with 1 also where something is unknown, or a node is away." };
        command.Add(files);
        command.Add(cluster);
        command.Add(complete);
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        command.Validators.Add(result =>
        {
            var (hasFiles, isLive) = (result.GetValue(files) is { Length: > 0 }, result.GetValue(cluster));
            if (hasFiles == isLive) result.AddError(hasFiles ? "a FILE is of a node that has ended, and `--cluster` asks those that run; give one of them" : "name the FILEs that nodes have written, or ask those that run with `--cluster`");
            else if (!isLive && (result.GetResult("--node") is not null || result.GetResult("--control") is not null)) result.AddError("which node is asked matters with `--cluster` only");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var (join, away) = parsed.GetValue(cluster) ? await LiveAsync(choice(parsed), surroundings, cancellation) : (Join(parsed.GetValue(files)!), null);
            surroundings.Output.Write(parsed.GetValue(format) == "json" ? JoinJson.Write(join, away) : JoinReport.Print(join, away));
            return join.AddsUp && ((join.IsComplete && away is not { Count: > 0 }) || !parsed.GetValue(complete)) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<(LedgerJoin Join, IReadOnlyList<string>? Away)> LiveAsync(NodeChoice choice, Surroundings surroundings, CancellationToken cancellation)
    {
        await using var client = ControlClient.Connect(choice, surroundings);
        return await LiveLedgers.JoinAsync(client, cancellation);
    }

    private static LedgerJoin Join(IReadOnlyList<string> files)
    {
        var ledgers = files.Select(Read).ToList();
        var twice = ledgers.Where(ledger => ledger.Epoch.Length > 0).Select((ledger, index) => (ledger.Epoch, File: files[index])).GroupBy(pair => pair.Epoch).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null) throw CommandException.Usage($"`{twice.First().File}` and `{twice.ElementAt(1).File}` are of the same run; name one of them");
        return new LedgerJoin(ledgers);
    }

    private static LedgerSnapshot Read(string file)
    {
        try
        {
            return LedgerSnapshot.Parse(BoundedText.OfFile(file, LongestLedger));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Unavailable($"`{file}` cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw CommandException.Unavailable($"`{file}` is no ledger: {exception.Message} `message-router run node.conf --summary-file {file}` writes one.");
        }
    }
}
