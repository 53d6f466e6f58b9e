using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration.Secrets;

/// <summary>Where a secret is kept, as it is written: <c>secret { file = … }</c>, an object that has nothing but this key.</summary>
internal static class SecretSource
{
    public const string Key = "secret";

    private static readonly string[] Kinds = ["file", "env", "command"];
    private static readonly string[] Known = [.. Kinds, "cache"];

    /// <summary>The block of a value that is a secret; null of all others.</summary>
    public static HoconObject? Of(HoconValue value) =>
        value is HoconObject { Fields: [{ Key: Key, Value: HoconObject block }] } && block.Fields.Any(field => IsMeant(field.Key)) && !block.TryGet("type", out _) && !block.TryGet("class", out _) ? block : null;

    private static bool IsMeant(string key) => Known.Contains(key) || Suggestion.For(key, Known) is not null;

    /// <summary>Reads it.</summary>
    /// <exception cref="SecretException">It cannot be had, or the block is not what it should be.</exception>
    public static string Read(HoconObject block, Func<string, string?> environment, SecretCommands commands)
    {
        if (block.Fields.FirstOrDefault(field => !Known.Contains(field.Key)) is { } unknown)
            throw new SecretException($"unknown key `{DiagnosticBag.Shorten(unknown.Key)}`", Suggestion.For(unknown.Key, Known) is { } near ? $"did you mean `{near}`?" : $"known keys: {string.Join(", ", Known)}");
        var kinds = Kinds.Where(key => block.TryGet(key, out _)).ToList();
        if (kinds.Count != 1) throw new SecretException(kinds.Count == 0 ? "it does not say where it is" : $"it has both `{kinds[0]}` and `{kinds[1]}`", "give one of `file`, `env` and `command`");
        var source = block.Fields.First(field => field.Key == kinds[0]);
        if (kinds[0] != "command" && block.TryGet("cache", out _)) throw new SecretException("`cache` goes with `command` only", "remove it");
        return kinds[0] switch
        {
            "file" => ReadFile(Text(source)),
            "env" => ReadVariable(Text(source)),
            _ => commands.Read([.. Command(source.Value)], Directory(source.Value.Span), Cache(block)),
        };

        string ReadFile(string path) => SecretFile.Read(BesideFile.Of(path, source.Value.Span), Path.Combine(source.Value.Span.Source.Directory, path));

        string ReadVariable(string name) => environment(name) switch
        {
            null => throw new SecretException($"the environment has no `{DiagnosticBag.Shorten(name)}`", "set it for the node"),
            "" => throw new SecretException($"`{DiagnosticBag.Shorten(name)}` of the environment is empty"),
            var text => text,
        };
    }

    /// <summary>The same with paths in full, which can be read from anywhere.</summary>
    public static HoconValue Located(HoconValue value) => value switch
    {
        HoconObject when Of(value) is { } block => Block(value, field => field with { Value = Block(block, Located) }),
        HoconObject block => Block(block, field => field with { Value = Located(field.Value) }),
        HoconArray array => new HoconArray(array.Span, array.Items.Select(Located)),
        _ => value,
    };

    private static HoconField Located(HoconField source) => source switch
    {
        { Key: "file", Value: HoconScalar path } => source with { Value = Text(path, BesideFile.Of(path.Text, path.Span)) },
        { Key: "command", Value: HoconArray { Items: [HoconScalar program, ..] } command } => source with { Value = new HoconArray(command.Span, [Text(program, Program(program.Text, program.Span)), .. command.Items.Skip(1)]) },
        _ => source,
    };

    private static HoconObject Block(HoconValue block, Func<HoconField, HoconField> change) => new(block.Span, ((HoconObject)block).Fields.Select(change));

    private static HoconScalar Text(HoconScalar place, string text) => new(place.Span, text, HoconScalarKind.String);

    private static string Text(HoconField field) =>
        HoconConvert.TryString(field.Value, out var text, out var problem) && text.Length > 0 ? text : throw new SecretException($"`{field.Key}`: {problem ?? "it is empty"}");

    private static IEnumerable<string> Command(HoconValue value)
    {
        IReadOnlyList<HoconValue> items = value is HoconArray array ? array.Items : [value];
        List<string> words = [.. items.Select(item => HoconConvert.TryString(item, out var text, out var problem) ? text : throw new SecretException($"`command`: {problem}"))];
        if (words is not [{ Length: > 0 }, ..]) throw new SecretException("`command` names no program", "write command = [program, argument]");
        return [Program(words[0], items[0].Span), .. words.Skip(1)];
    }

    private static string Program(string program, SourceSpan span) =>
        program.Contains('/', StringComparison.Ordinal) || program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? BesideFile.Of(program, span) : program;

    private static string Directory(SourceSpan span) => BesideFile.Of("", span);

    private static TimeSpan Cache(HoconObject block) =>
        !block.TryGet("cache", out var field) ? TimeSpan.Zero
        : HoconConvert.TryDuration(field.Value, out var time, out var problem) ? time == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time
        : throw new SecretException($"`cache`: {problem}");
}
