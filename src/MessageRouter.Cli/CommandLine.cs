using System.CommandLine;
using MessageRouter.Cli.Completion;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.Explaining;
using MessageRouter.Cli.Help;
using MessageRouter.Cli.Keys;
using MessageRouter.Configuration;

namespace MessageRouter.Cli;

/// <summary>The whole command line: from arguments to an exit code.</summary>
internal static class CommandLine
{
    public const string Program = "message-router";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        var root = Root(surroundings, arguments.Count == 0 ? "" : PassCommand.AddVerb(arguments)[0]);
        var invocation = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,

            // Signals are the node's own business.
            ProcessTerminationTimeout = null,
        };
        try
        {
            if (arguments.Count == 0)
            {
                invocation.Output = surroundings.Error;
                await Parse(root, ["--help"]).InvokeAsync(invocation);
                return ExitCode.Usage;
            }
            if (arguments is [Completer.Verb, "--", ..]) return await Completer.AnswerAsync(root, [.. arguments.Skip(2)], surroundings);
            var parsed = Parse(root, PassCommand.AddVerb(arguments));
            if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(invocation);
            surroundings.Error.Write(UsageErrors.Print(parsed));
            return ExitCode.Usage;
        }
        catch (ConfigurationException exception)
        {
            surroundings.Error.Write(exception.Message);
            return ExitCode.Configuration;
        }
        catch (CommandException exception)
        {
            surroundings.Error.WriteLine(exception.Text);
            return exception.ExitCode;
        }
        catch (Exception exception)
        {
            surroundings.Error.WriteLine($"error: something failed that should not have: {exception}");
            return ExitCode.Internal;
        }
    }

    /// <summary>Whether these arguments run a node, as far as they are right.</summary>
    public static bool RunsNode(IReadOnlyList<string> arguments) => arguments.Count > 0 && IsOfNode(PassCommand.AddVerb(arguments)[0]);

    private static bool IsOfNode(string verb) => verb is "run" or "pass";

    private static RootCommand Root(Surroundings surroundings, string verb)
    {
        var root = new RootCommand("Routes messages between ZeroMQ, standard streams and files, through filters.") { HelpName = Program };
        root.Add(RunCommand.Create(surroundings));
        root.Add(PassCommand.Create(surroundings));

        // A node is to start at once: it does not wait until all other commands are made.
        if (!IsOfNode(verb))
        {
            root.Add(ValidateCommand.Create(surroundings));
            root.Add(TestCommand.Create(surroundings));
            root.Add(ComponentsCommand.Create(surroundings));
            root.Add(ConfigCommand.Create(surroundings));
            root.Add(GraphCommand.Create(surroundings));
            root.Add(ExplainCommand.Create(surroundings));
            root.Add(FmtCommand.Create(surroundings));
            root.Add(SchemaCommand.Create(surroundings));
            root.Add(LedgerCommand.Create(surroundings));
            root.Add(CompletionCommand.Create(surroundings));
            root.Add(NewCommand.Create(surroundings));
            root.Add(KeysCommand.Create(surroundings));
            foreach (var command in ControlCommands.All(surroundings)) root.Add(command);
            root.Add(HelpCommand.Create(surroundings));
        }
        ExamplesFirst.AddTo(root);
        return root;
    }

    // An argument that begins with @ is an argument, not a file with more of them.
    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> arguments) =>
        root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
}
