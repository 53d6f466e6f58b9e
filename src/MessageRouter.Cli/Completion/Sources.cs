using System.CommandLine;
using System.Text.RegularExpressions;
using MessageRouter.Cli.Controlling;
using MessageRouter.Cli.Passing;
using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Monitoring;

namespace MessageRouter.Cli.Completion;

/// <summary>What options and arguments take: a choice that their help names, files, components, and what runs on this machine.</summary>
internal sealed partial class Sources(Surroundings surroundings)
{
    /// <summary>How long a node may take to answer somebody who is typing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] FileNames = ["FILE", "PATH", "DIR", "ADDRESS"];

    public async Task<IEnumerable<Candidate>> OfAsync(Option option, TypedCommand typed) => (typed.Command.Name, option.Name) switch
    {
        (_, "--node") => Nodes(),
        ("explain", "--input") when typed.Arguments.Count == 0 => await NamesAsync(typed, node => [.. node.Components.Select(component => (component.Name, component.Type))]),
        ("explain", "--input") => Inputs(typed.Arguments),
        ("pass", "--input") => Types(ComponentRole.Input),
        ("pass", "--filter") => Types(ComponentRole.Filter),
        ("pass", "--output" or "--error") => Types(ComponentRole.Output),
        ("pass", "--decoder" or "--encoder" or "--error-encoder") => SeedNames.CodecNames.Select(name => new Candidate(name)),
        _ => await OfAsync(option.HelpName ?? "", typed),
    };

    public Task<IEnumerable<Candidate>> OfAsync(Argument argument, TypedCommand typed) => (typed.Command.Name, argument.Name) switch
    {
        ("components", "NAME") => Task.FromResult(Types()),
        ("resize", "POOL") => NamesAsync(typed, node => [.. node.Components.Where(component => component.Role == "filter").Select(component => (component.Name, component.Type)), .. node.Processes.Select(process => ($"workers.{process.Group}", "worker processes")).Distinct()]),
        (_, "COMMAND") => Task.FromResult(Commands(typed)),
        (_, "COMPONENT") => NamesAsync(typed, node => [.. node.Components.Select(component => (component.Name, component.Type))]),
        _ => OfAsync(argument.HelpName ?? argument.Name, typed),
    };

    private static Task<IEnumerable<Candidate>> OfAsync(string helpName, TypedCommand typed) =>
        Task.FromResult<IEnumerable<Candidate>>(ChoicePattern().IsMatch(helpName) ? helpName.Split('|').Select(word => new Candidate(word))
            : FileNames.Contains(helpName) ? [Candidate.Files]
            : []);

    private static IEnumerable<Candidate> Commands(TypedCommand typed)
    {
        Command at = typed.Command.Parents.OfType<RootCommand>().First();
        foreach (var word in typed.Arguments) at = at.Subcommands.FirstOrDefault(command => command.Name == word) ?? at;
        return at.Subcommands.Where(command => !command.Hidden).Select(command => Candidate.Of(command.Name, command.Description));
    }

    private static IEnumerable<Candidate> Types(ComponentRole? role = null) =>
        BuiltIns.Registry().Types.Where(type => role is null || type.Role == role).Select(type => Candidate.Of(type.Name, type.Summary));

    /// <summary>A name alone will do where only one node is called so.</summary>
    private IEnumerable<Candidate> Nodes() => NodeFinder.All(surroundings).Select(NodeFinder.NameOf)
        .GroupBy(name => name[..Math.Max(0, name.LastIndexOf('-'))])
        .SelectMany(named => named.Count() == 1 && named.Key.Length > 0 ? [named.Key] : named.AsEnumerable())
        .Select(name => new Candidate(name));

    /// <summary>Names of what a running node has. The last part of one will do where it is the only one that ends so.</summary>
    private async Task<IEnumerable<Candidate>> NamesAsync(TypedCommand typed, Func<NodeStatus, IReadOnlyList<(string Name, string Kind)>> find)
    {
        using var patience = new CancellationTokenSource(Patience);
        var choice = new NodeChoice { Node = typed.ValueOf("--node"), Control = typed.ValueOf("--control"), TokenFile = typed.ValueOf("--token-file") };
        await using var client = ControlClient.Connect(choice, surroundings);
        var status = await client.StatusAsync(patience.Token);
        var unique = status.Components.Select(component => component.Name).GroupBy(Last).Where(named => named.Count() == 1).Select(named => named.Single()).ToHashSet();
        return find(status).SelectMany(found => (IEnumerable<Candidate>)(unique.Contains(found.Name) ? [new(found.Name, found.Kind), new(Last(found.Name), found.Kind)] : [new(found.Name, found.Kind)]));

        static string Last(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
    }

    private IEnumerable<Candidate> Inputs(IReadOnlyList<string> files)
    {
        HoconValue? value = HoconReader.ReadFiles(files, new HoconReaderOptions { Environment = surroundings.Environment }).Root;
        foreach (var key in (string[])["router", "inputs"]) value = value is HoconObject block && block.TryGet(key, out var field) ? field.Value : null;
        return value is HoconObject inputs ? inputs.Fields.Select(input => new Candidate(input.Key)) : [];
    }

    [GeneratedRegex(@"^[a-z-]+(\|[a-z-]+)+$")]
    private static partial Regex ChoicePattern();
}
