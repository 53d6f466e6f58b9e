using System.CommandLine;

namespace MessageRouter.Cli.Controlling;

/// <summary>Which running node a command is for: the options that all such commands have.</summary>
internal sealed record NodeChoice
{
    /// <summary>The one node that runs.</summary>
    public static NodeChoice TheOnlyOne { get; } = new();

    /// <summary>A node's name, or its name and process: <c>aggregator-4711</c>; null for the only one.</summary>
    public string? Node { get; init; }

    /// <summary>A socket's path, or an http or https address; null to find it.</summary>
    public string? Control { get; init; }

    /// <summary>A file with the token for an address.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Gives a command the options.</summary>
    /// <returns>Reads them.</returns>
    public static Func<ParseResult, NodeChoice> AddTo(Command command)
    {
        var node = new Option<string?>("--node") { HelpName = "NAME", Description = "The node's name, or name-pid as `nodes` shows it; by default the only one that runs." };
        var control = new Option<string?>("--control") { HelpName = "ADDRESS", Description = "Its control endpoint: a socket's path, or http://host:port or https://host:port." };
        var token = new Option<string?>("--token-file") { HelpName = "FILE", Description = "The file with the token for an http or https address." };
        command.Add(node);
        command.Add(control);
        command.Add(token);
        command.Validators.Add(result =>
        {
            if (result.GetValue(node) is not null && result.GetValue(control) is not null) result.AddError("`--node` and `--control` both say which node; give one of them");
            else if (result.GetValue(token) is not null && !IsAddress(result.GetValue(control))) result.AddError("`--token-file` goes with `--control http://…`; a socket needs no token");
        });
        return parsed => new NodeChoice { Node = parsed.GetValue(node), Control = parsed.GetValue(control), TokenFile = parsed.GetValue(token) };
    }

    /// <summary>Whether it is reached over HTTP, and not at a socket's path.</summary>
    public bool IsOverHttp => IsAddress(Control);

    private static bool IsAddress(string? control) =>
        control is not null && (control.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || control.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
}
