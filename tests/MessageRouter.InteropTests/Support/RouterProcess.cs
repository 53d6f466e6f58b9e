using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Support;

/// <summary>
/// The product, as its users run it: the command <c>message-router</c> in a process of its own, which hears every signal,
/// also where whoever runs the tests ignores some, as <c>nohup</c> does. It knows the nodes of its own test, and not others of their names.
/// </summary>
internal sealed partial class RouterProcess : Peer
{
    /// <summary>The command as it was built with the tests.</summary>
    public static readonly string BuiltCommand = Path.Combine(AppContext.BaseDirectory, "message-router.dll");

    /// <summary>The same, or another one that the environment names.</summary>
    public static readonly string Command = Environment.GetEnvironmentVariable("MESSAGE_ROUTER_COMMAND") ?? BuiltCommand;

    private readonly string ledgerFile;

    public RouterProcess(string directory, params IEnumerable<string> arguments)
        : this([], directory, arguments)
    {
    }

    /// <param name="place">What runs a program where this one is to run; empty for here.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="command">The command's assembly; null for <see cref="Command"/>.</param>
    public RouterProcess(IEnumerable<string> place, string directory, IEnumerable<string> arguments, string? command = null)
        : this([.. place, "env", "--default-signal=HUP,INT,TERM", "dotnet", command ?? Command, .. arguments], directory) => ledgerFile = LedgerFile(directory, arguments);

    private RouterProcess(IReadOnlyList<string> words, string directory)
        : base(directory, words[0], words.Skip(1), ("MESSAGE_ROUTER_SOCKETS", Path.Combine(directory, "sockets"))) => ledgerFile = "";

    /// <summary>Waits until the node says that it has started.</summary>
    public Task Starts() => Reports(line => line.Contains(" started with ", StringComparison.Ordinal), "the node to start");

    /// <summary>Waits until the log names a bound endpoint, with the port that the system has picked.</summary>
    public async Task<Uri> NamesEndpoint()
    {
        var line = await Reports(line => BoundEndpoint().IsMatch(line), "the log to name the bound endpoint");
        return new Uri(BoundEndpoint().Match(line).Value);
    }

    /// <summary>Waits until the node has started and the log has named the address of its page.</summary>
    public async Task<Uri> NamesPage()
    {
        const string before = "The node can be looked at: ";
        var line = await Reports(line => line.Contains(before, StringComparison.Ordinal), "the log to name the page");
        await Starts();
        return new Uri(line[(line.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Trim());
    }

    /// <summary>Ends the node with a signal and gives its final ledger, which must balance.</summary>
    public async Task<Ledger> Stops(Signal signal = Signal.Terminate, TimeSpan? patience = null)
    {
        Send(signal);
        return await Ends(patience);
    }

    /// <summary>Waits for the node's clean end and gives its final ledger, which must balance.</summary>
    public async Task<Ledger> Ends(TimeSpan? patience = null)
    {
        var exitCode = await Exits(patience);
        Assert.True(exitCode == 0, $"A clean end was expected:\n{Describe()}");
        var ledger = FinalLedger();
        ledger.AssertBalanced();
        return ledger;
    }

    public Ledger FinalLedger()
    {
        Assert.True(File.Exists(ledgerFile), $"No final ledger was written:\n{Describe()}");
        return Ledger.Parse(File.ReadAllText(ledgerFile));
    }

    [GeneratedRegex(@"tcp://[0-9.]+:[1-9][0-9]*")]
    private static partial Regex BoundEndpoint();

    private static string LedgerFile(string directory, IEnumerable<string> arguments) =>
        Path.Combine(directory, arguments.SkipWhile(argument => argument != "--summary-file").Skip(1).FirstOrDefault("ledger.json"));
}
