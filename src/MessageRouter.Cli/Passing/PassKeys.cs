namespace MessageRouter.Cli.Passing;

/// <summary>A flag of the command line, and a key of its file.</summary>
/// <param name="Name">The name, without dashes.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Kind">What a value that is no block is called.</param>
internal sealed record PassKey(string Name, string Description, string Kind = "NAME")
{
    /// <summary>What stands for its value in the help.</summary>
    public string HelpName => IsOptions ? "JSON" : Kind;

    /// <summary>Whether its value is a block of options.</summary>
    public bool IsOptions => Name.EndsWith("-options", StringComparison.Ordinal);
}

/// <summary>What <c>pass</c> can be told.</summary>
internal static class PassKeys
{
    public static readonly IReadOnlyList<PassKey> All =
    [
        new("input", "Where messages come from: STDIN, ZeroMQ or another of `message-router components`."),
        new("input-options", "The input's options, as relaxed JSON."),
        new("decoder", "How payloads are read: JSON (default), Text or Null, which takes them as they are."),
        new("decoder-options", "The decoder's options."),
        new("where", "Which messages go on: a C# expression, such as message[\"level\"] == \"error\"; `--filter` gets only these.", "EXPR"),
        new("filter", "What is done with messages; without it nothing."),
        new("filter-options", "The filter's options."),
        new("encoder", "How payloads are written: JSON (default), Text or Null."),
        new("encoder-options", "The encoder's options."),
        new("output", "Where messages go: STDOUT, ZeroMQ, File or another one."),
        new("output-options", "The output's options."),
        new("error", "The output for messages that failed; default STDERR."),
        new("error-options", "That output's options."),
        new("error-encoder", "How it writes payloads."),
        new("error-encoder-options", "That encoder's options."),
    ];

    /// <summary>What the original could be told and what does it here.</summary>
    public static readonly IReadOnlyList<(string Name, string Instead)> Unsupported =
    [
        ("daemonize", "run the command as a systemd service, which keeps it in the background"),
        ("user", "run the command as a systemd service with `User=`"),
        ("pid-file", "run the command as a systemd service, which knows its process"),
        ("io-priority", "run the command as a systemd service with `IOSchedulingClass=`"),
    ];
}
