using System.CommandLine;
using System.Text.Json;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.Running;
using MessageRouter.Control.Serving;
using MessageRouter.Pools;
using MessageRouter.Routing;
using MessageRouter.Trials;
using Microsoft.Extensions.DependencyInjection;

namespace MessageRouter.Cli.Explaining;

/// <summary><c>message-router explain</c>: what becomes of a message, and why.</summary>
internal static class ExplainCommand
{
    /// <summary>How long all messages of one call may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("explain", "Follows a message through a node as FILE describes it, or through the one that runs, and says at each step what becomes of it and why. Nothing is read, sent or written.");
        var files = NodeFiles.Argument(command, ArgumentArity.ZeroOrMore);
        var input = new Option<string?>("--input") { HelpName = "NAME", Description = "The input that it comes in by; a filter or an output will do. Not needed where there is one input." };
        var message = new Option<string?>("--message") { HelpName = "TEXT", Description = $"The message; by default each line of the standard input is one, {MessageLines.Most} at most." };
        var peer = new Option<string[]>("--peer") { HelpName = "PROPERTY=VALUE", DefaultValueFactory = _ => [], Description = "What is known of who has sent it, as in identity=office or address=tcp://10.0.0.7:4711; may be repeated." };
        var live = new Option<bool>("--live") { Arity = ArgumentArity.Zero, Description = "Ask the node that runs for its own configuration; its traffic is not touched. The default without FILE." };
        var set = NodeOptions.SetOption();
        command.Add(input);
        command.Add(message);
        command.Add(peer);
        command.Add(live);
        var choice = NodeChoice.AddTo(command);
        command.Add(set);
        var format = ControlCommands.Format(command);
        command.Validators.Add(result =>
        {
            var isLive = result.GetValue(live) || result.GetResult("--node") is not null || result.GetResult("--control") is not null;
            if (result.GetValue(files) is { Length: > 0 } && isLive) result.AddError("a FILE is explained as it stands; leave it out for the node that runs");
        });
        command.Does(surroundings, async (parsed, cancellation) =>
        {
            var names = parsed.GetValue(files) ?? [];
            var writer = new ExplanationWriter(surroundings.Output, parsed.GetValue(format) == "json");
            var given = new Given(parsed.GetValue(input), parsed.GetValue(message), parsed.GetValue(peer)!);
            if (names.Length > 0) await ExplainFilesAsync(Read(names, parsed.GetValue(set)!, surroundings), given, writer, surroundings, cancellation);
            else await ExplainLiveAsync(choice(parsed), given, writer, surroundings, cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static NodeDefinition Read(string[] names, string[] overrides, Surroundings surroundings)
    {
        using var stopping = EarlyStop.Watch(surroundings, ExitCode.Interrupted);
        return PlacedPools.Alone(NodeFiles.Read(names, overrides, surroundings));
    }

    private static async Task ExplainFilesAsync(NodeDefinition node, Given given, ExplanationWriter writer, Surroundings surroundings, CancellationToken cancellation)
    {
        var start = TrialStart.Find(node, given.Input, out var problem) ?? throw CommandException.Usage(problem);
        if (!GivenPeer.TryParse(given.Peer, out var peer, out var wrong)) throw CommandException.Usage(wrong);
        var services = new ServiceCollection().AddLogging();
        surroundings.Services(services);
        await using var provider = services.AddComponentServices().BuildServiceProvider();

        var trial = new TrialNode(node, provider, Limit);
        try
        {
            var explainer = new Explainer(node, SecretText.Hide);
            foreach (var payload in MessageLines.Of(given.Message, surroundings)) writer.Write(await explainer.ExplainAsync(trial, start, payload, peer).WaitAsync(cancellation));
        }
        finally
        {
            // A filter that does not come back is not waited for.
            _ = trial.DisposeAsync().AsTask();
        }
    }

    private static async Task ExplainLiveAsync(NodeChoice choice, Given given, ExplanationWriter writer, Surroundings surroundings, CancellationToken cancellation)
    {
        await using var client = ControlClient.Connect(choice, surroundings);
        foreach (var payload in MessageLines.Of(given.Message, surroundings))
        {
            var json = await client.ExplainAsync(given.Input, payload, given.Peer, cancellation);
            writer.Write(JsonSerializer.Deserialize<Explanation>(json, ControlJson.Options)!);
        }
    }

    /// <summary>What is explained.</summary>
    /// <param name="Input">What it comes to; null for the only input.</param>
    /// <param name="Message">The message; null for those of the standard input.</param>
    /// <param name="Peer">What is known of who has sent it.</param>
    private sealed record Given(string? Input, string? Message, string[] Peer);
}
