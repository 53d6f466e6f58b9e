using System.CommandLine;
using System.Text.Json;
using MessageRouter.Cli.Controlling.ClusterReloads;
using MessageRouter.Control.Serving;
using SafeText = MessageRouter.Zmtp.SafeText;

namespace MessageRouter.Cli.Controlling;

/// <summary><c>message-router reload</c>: has a node become what its files say by now, while it runs, after showing what that does.</summary>
internal static class ReloadCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("reload", "Has a running node read its configuration again, shows what changes, and applies it: all of it or, where something fails, nothing.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        files.Description = "Other files than those that the node was started with, or folders with *.conf; with `--cluster` their text is brought to all nodes.";
        var planOnly = new Option<bool>("--plan") { Arity = ArgumentArity.Zero, Description = "Show what changes, and do nothing." };
        var yes = new Option<bool>("--yes", "-y") { Arity = ArgumentArity.Zero, Description = "Apply it without asking." };
        var cluster = new Option<bool>("--cluster") { Arity = ArgumentArity.Zero, Description = "All nodes of its cluster, one after the other, until one fails: each with its own files, which others let be done with `router.cluster.control = reload`, or with FILE, which each takes with `configure`." };
        var allOrNone = new Option<bool>("--all-or-none") { Arity = ArgumentArity.Zero, Description = "With `--cluster`: where one node fails, those that have reloaded go back to what they were." };
        var role = new Option<string?>("--role") { HelpName = "ROLE", Description = "Of its cluster, only nodes with a role." };
        command.Add(planOnly);
        command.Add(yes);
        command.Add(cluster);
        command.Add(role);
        command.Add(allOrNone);
        var choice = NodeChoice.AddTo(command);
        var format = ControlCommands.Format(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(cluster) && result.GetValue(role) is not null) result.AddError("`--role` chooses among the nodes of a cluster: give `--cluster` too");
            if (!result.GetValue(cluster) && result.GetValue(allOrNone)) result.AddError("`--all-or-none` is for the nodes of a cluster: give `--cluster` too; one node does all of it or nothing anyway");
            if (result.GetValue(cluster) && result.GetValue(format) == "json") result.AddError("`--cluster` writes text only");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var (isPlan, isAgreed, isJson) = (parsed.GetValue(planOnly), parsed.GetValue(yes), parsed.GetValue(format) == "json");
            if (isPlan && isAgreed) throw CommandException.Usage("`--plan` does nothing, and `--yes` applies it; give one of them.");
            if (!isPlan && !isAgreed && (isJson || !surroundings.IsTerminal())) throw CommandException.Usage("nobody can be asked here: `--yes` applies what has changed, `--plan` only shows it.");
            var order = parsed.GetValue(cluster)
                ? new ClusterReloadOrder(parsed.GetValue(role), BroughtFiles.Read(parsed.GetValue(files) ?? [], surroundings)) { IsPlan = isPlan, IsAgreed = isAgreed, AllOrNone = parsed.GetValue(allOrNone) }
                : null;
            await using var client = ControlClient.Connect(choice(parsed), surroundings);
            if (order is not null)
            {
                await new ClusterReload(client, order, surroundings).RunAsync(cancellation);
                return ExitCode.Done;
            }
            var request = new ReloadRequest((parsed.GetValue(files) ?? []) is { Length: > 0 } named ? [.. named.Select(Path.GetFullPath)] : null, Plan: true);

            var json = await client.ReloadAsync(request, cancellation);
            var plan = Answer(json);
            if (!isJson) Show(plan, surroundings);
            if (isPlan || !plan.ChangesAnything)
            {
                if (isJson) surroundings.Output.WriteLine(json);
                return ExitCode.Done;
            }
            if (!isAgreed && !await AgreesAsync(surroundings, cancellation))
            {
                surroundings.Output.WriteLine("Nothing was changed.");
                return ExitCode.Done;
            }
            json = await client.ReloadAsync(request with { Plan = false, Expect = plan.Id }, cancellation);
            if (isJson) surroundings.Output.WriteLine(json);
            else ShowDone(Answer(json), surroundings);
            return ExitCode.Done;
        }, takesItsTime: true);
        return command;
    }

    private static void ShowDone(ReloadAnswer done, Surroundings surroundings)
    {
        surroundings.Output.WriteLine(FormattableString.Invariant($"Revision {done.Revision} is in force, and everything is done, in {done.Seconds:0.000} s."));
        if (done.Dropped > 0) surroundings.Error.WriteLine(FormattableString.Invariant($"warning: {done.Dropped} messages were dropped, since what was removed or replaced could not finish them; `message-router status` says where (reload)."));
    }

    private static void Show(ReloadAnswer plan, Surroundings surroundings)
    {
        surroundings.Error.Write(Lines(plan.Warnings ?? ""));
        if (plan.ChangesAnything) surroundings.Output.Write(Lines(plan.Text));
        else surroundings.Output.WriteLine("Nothing has changed that the node can take while it runs.");
        if (plan.NeedsRestart.Count > 0)
            surroundings.Error.WriteLine($"warning: {SafeText.Of(string.Join(", ", plan.NeedsRestart))} {(plan.NeedsRestart.Count == 1 ? "stays as it is" : "stay as they are")} until the node is started again.");
    }

    /// <summary>Asks who sits before it.</summary>
    public static async Task<bool> AgreesAsync(Surroundings surroundings, CancellationToken cancellation)
    {
        surroundings.Output.Write("Apply this? [y/N] ");
        await surroundings.Output.FlushAsync(cancellation);
        using var input = new StreamReader(surroundings.OpenInput());
        var answer = await input.ReadLineAsync(cancellation).AsTask().WaitAsync(cancellation);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>What another process says, made safe line by line.</summary>
    public static string Lines(string text) => string.Concat(text.Split('\n').SkipLast(1).Select(line => SafeText.Of(line.TrimEnd('\r')) + "\n"));

    private static ReloadAnswer Answer(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ReloadAnswer>(json, ControlJson.Options) ?? throw new JsonException("There is nothing in it.");
        }
        catch (JsonException exception)
        {
            throw CommandException.Unavailable($"what the node answers is no plan that this version knows: {exception.Message}");
        }
    }
}
