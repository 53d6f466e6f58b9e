using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace MessageRouter.InteropTests.Documentation;

/// <summary>A page that is followed from its first command to its last, once for all tests that ask.</summary>
internal sealed partial class PageRun
{
    private const string First = "README.md";

    private static readonly ConcurrentDictionary<string, Lazy<Task<PageRun>>> Runs = new();

    private readonly Dictionary<string, int> ports = [];
    private readonly Dictionary<string, (Exception? Failure, Peer? Peer)> outcomes = [];
    private readonly List<(Command Command, Peer Shell)> terminals = [];

    /// <summary>What of the commands so far a shell keeps.</summary>
    private string kept = "";

    /// <summary>The folder in which the page is followed.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>Who follows a page has followed the README before.</summary>
    public static async Task<PageRun> Of(string page)
    {
        if (page != First) await Of(First);
        return await Runs.GetOrAdd(page, _ => new(() => FollowAsync(page))).Value;
    }

    /// <summary>What a command has printed, if it has done what it should.</summary>
    public Peer Outcome(string place)
    {
        if (!outcomes.TryGetValue(place, out var outcome)) Assert.Fail($"It was not run: {outcomes.Values.Last(other => other.Failure is not null).Failure!.Message}");
        if (outcome.Failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return outcome.Peer!;
    }

    /// <summary>Has a text name ports and folders that are free here, the same for the same, and this machine in place of others.</summary>
    public string Elsewhere(string text)
    {
        text = HostPattern().Replace(text, "127.0.0.1");
        text = PortPattern().Replace(text, match => $"{(ports.TryGetValue(match.Value, out var port) ? port : ports[match.Value] = Ports.Free())}");
        return FolderPattern().Replace(text, $"{Folder}/");
    }

    private static async Task<PageRun> FollowAsync(string page)
    {
        var run = new PageRun();
        await run.PrepareAsync(page);
        var commands = Command.Of(page).Where(command => !Excused.Has(command)).ToList();
        foreach (var (command, next) in commands.Zip([.. commands.Skip(1), null]))
        {
            var failure = await Record.ExceptionAsync(() => run.RunAsync(command));
            if (failure is not null) run.outcomes[command.Place] = (failure, null);
            if (failure is not null and not SkipException) break;
            await PageClasses.AddToAsync(run.Folder);
            if (!command.Terminal || next is not { Terminal: true }) await run.StopAsync();
        }
        await run.StopAsync();
        return run;
    }

    private async Task PrepareAsync(string page)
    {
        var nodes = Snippet.In("hocon").Where(snippet => snippet.Text.StartsWith("router {", StringComparison.Ordinal)).ToList();
        var node = nodes.Find(node => node.Page == page) ?? nodes.Find(node => node.Page == First)!;
        Folder = await ReadersMachine.Folder(Elsewhere(node.Text));
        foreach (var other in nodes.Where(other => other.Page == page && other != node && NamePattern().IsMatch(other.Text)))
            await File.WriteAllTextAsync(Path.Combine(Folder, $"{NamePattern().Match(other.Text).Groups[1].Value}.conf"), Elsewhere(other.Text));
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "hocon"), "*.conf")) await File.WriteAllTextAsync(file, Elsewhere(await File.ReadAllTextAsync(file)));
        if (page != PageClasses.Page && Command.Of(page).Any(command => command.Text.Contains("MyApp/bin/", StringComparison.Ordinal))) kept = $"cd {await PageClasses.ProjectAsync()}\n";
        if (PagePrograms.IsPackage(page)) kept = $"cd {await PagePrograms.ProjectAsync()}\n";
    }

    private async Task RunAsync(Command command)
    {
        if (command.IsPerl) Requires.Perl();
        foreach (var part in Elsewhere(await ReadersMachine.WithoutBuilding(command.Text)).Split(" && "))
        {
            var shell = ReadersMachine.Shell(Folder, kept + part);
            outcomes[command.Place] = (null, shell);
            if (command.GoesOn) await StartsAsync(shell, command);
            else Assert.True(await shell.Exits(Peer.Patience * 3) == 0, shell.Describe());
            if (KeptPattern().IsMatch(part)) kept += $"{part}\n";
        }
    }

    private async Task StartsAsync(Peer shell, Command command)
    {
        terminals.Add((command, shell));
        if (command.Typed is { } typed) await shell.Until(() => ShowsAsync(typed, shell), "what is typed to show in another terminal");
        else if (!command.IsPerl) await shell.Until(() => shell.HasExited || shell.Errors.Lines.Any(line => line.Contains(" started with ", StringComparison.Ordinal)), "the node to start");
    }

    /// <summary>Types a line again, since who publishes does not know when its subscribers are there.</summary>
    private async Task<bool> ShowsAsync(string typed, Peer shell)
    {
        await shell.WriteAsync(typed);
        return terminals.Any(terminal => terminal.Shell.Output.Lines.Any(line => line.StartsWith(typed[..^1], StringComparison.Ordinal)));
    }

    /// <summary>Ends what goes on as Ctrl-C does, those that send first. <c>dotnet run</c> passes other signals on, so that a node would get two.</summary>
    private async Task StopAsync()
    {
        foreach (var (command, shell) in terminals.OrderByDescending(terminal => terminal.Command.IsPerl))
        {
            Peer.Send(-shell.Id, Signal.Interrupt);
            var failure = await Record.ExceptionAsync(async () => Assert.True(await shell.Exits() == 0 || command.IsPerl, shell.Describe()));
            if (failure is null) continue;
            outcomes[command.Place] = (failure, null);
            await shell.DisposeAsync();
        }
        terminals.Clear();
    }

    /// <summary>By its name in the first line a page's second node is in a file that is called so.</summary>
    [GeneratedRegex(@"^router \{\n  name = (\w+)\n")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^(cd|export) ")]
    private static partial Regex KeptPattern();

    [GeneratedRegex(@"(?<=tcp://)\w+\.example\b")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"(?<=tcp://[^\s""]*:)\d{4,5}\b")]
    private static partial Regex PortPattern();

    [GeneratedRegex("(?<=[\"=])/(tmp|var/log)/")]
    private static partial Regex FolderPattern();
}
