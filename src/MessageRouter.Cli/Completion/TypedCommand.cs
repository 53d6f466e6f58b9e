using System.CommandLine;

namespace MessageRouter.Cli.Completion;

/// <summary>A command line that is not finished: which command it is, what it has been given, and what the next word belongs to.</summary>
internal sealed class TypedCommand
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<Option> _used = [];
    private readonly List<string> _arguments = [];
    private bool _onlyArguments;

    private TypedCommand(Command command) => Command = command;

    /// <summary>The command that it is.</summary>
    public Command Command { get; private set; }

    /// <summary>The option whose value the next word is; null where it is none.</summary>
    public Option? Option { get; private set; }

    /// <summary>The arguments that it has been given.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>The argument that the next word is; null where none is expected.</summary>
    public Argument? Argument
    {
        get
        {
            var at = _arguments.Count;
            foreach (var argument in Command.Arguments)
            {
                if (at < argument.Arity.MaximumNumberOfValues) return argument;
                at -= argument.Arity.MaximumNumberOfValues;
            }
            return null;
        }
    }

    /// <summary>The commands that the next word can be.</summary>
    public IEnumerable<Command> Subcommands => _arguments.Count > 0 || _onlyArguments ? [] : Command.Subcommands.Where(command => !command.Hidden);

    /// <summary>The options that the next word can be.</summary>
    public IEnumerable<Option> Options => _onlyArguments ? [] : All.Where(option => !option.Hidden && (!_used.Contains(option) || option.Arity.MaximumNumberOfValues > 1));

    private IEnumerable<Option> All => Command.Options.Concat(Command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)));

    /// <summary>Reads the words before the one that is asked for.</summary>
    public static TypedCommand Read(Command root, IEnumerable<string> words)
    {
        var typed = new TypedCommand(root);
        foreach (var word in words) typed.Take(word);
        return typed;
    }

    /// <summary>What an option has been given; null where it has not.</summary>
    public string? ValueOf(string option) => _values.GetValueOrDefault(option);

    /// <summary>The option of this name.</summary>
    public Option? Find(string name) => All.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>Whether an option is followed by a value.</summary>
    public static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private void Take(string word)
    {
        if (Option is { } waiting)
        {
            _values[waiting.Name] = word;
            Option = null;
        }
        else if (_onlyArguments) _arguments.Add(word);
        else if (word == "--") _onlyArguments = true;
        else if (word.Length > 1 && word[0] == '-') TakeOption(word.Split('=', 2));
        else if (Subcommands.FirstOrDefault(command => command.Name == word) is { } command) Command = command;
        else _arguments.Add(word);
    }

    private void TakeOption(string[] word)
    {
        if (Find(word[0]) is not { } option) return;
        _used.Add(option);
        if (word.Length > 1) _values[option.Name] = word[1];
        else if (TakesValue(option)) Option = option;
    }
}
