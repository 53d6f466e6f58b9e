using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;

namespace MessageRouter.Configuration.Binding;

/// <summary>Binds blocks of the configuration to options classes and reports everything that does not fit, all at once.</summary>
internal sealed class OptionsBinder(List<Diagnostic> diagnostics)
{
    /// <summary>Of so many findings a hint is worth what it costs.</summary>
    private const int MostHints = DiagnosticPrinter.MostShown;

    /// <summary>Whether there are so many findings that nobody will see the hints of further ones.</summary>
    public bool HasEnough => diagnostics.Count >= MostHints;

    public int Count => diagnostics.Count;

    /// <summary>How many of them are errors.</summary>
    public int Errors => diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>
    /// Binds a block. <paramref name="subject"/> names it in errors, such as <c>output `bus` (zeromq)</c>;
    /// <paramref name="otherKeys"/> are keys that somebody else reads.
    /// </summary>
    /// <returns>The options; null where an error was reported.</returns>
    public object? Bind(Type type, HoconObject block, SourceSpan blockName, string subject, params IReadOnlyList<string> otherKeys) =>
        Bind(type, block, blockName, subject, defaults: null, otherKeys);

    /// <summary>Binds a block whose missing keys are taken from <paramref name="defaults"/>.</summary>
    public object? Bind(Type type, HoconObject block, SourceSpan blockName, string subject, object? defaults, IReadOnlyList<string>? otherKeys = null)
    {
        var errorsBefore = diagnostics.Count;
        var schema = OptionsSchema.Of(type);
        IReadOnlyList<string> known = [.. schema.Keys.Select(key => key.Name), .. otherKeys ?? []];
        var unknown = RejectUnknownKeys(block, subject, known);
        var meant = unknown.Select(key => Suggestion.For(key, known)).ToHashSet();

        // Of these, and of the block itself for null, nothing more is said. Where a key is not known, others may only seem to be missing.
        var settled = new HashSet<string?>();
        if (unknown.Count > 0) settled.UnionWith([null, .. known.Where(key => !TryGetValue(block, key, out _))]);

        var values = new Dictionary<OptionKey, object?>();
        foreach (var key in schema.Keys)
        {
            if (!TryGetValue(block, key.Name, out var field))
            {
                if (field is not null && field.Value is HoconBroken)
                {
                    settled.UnionWith([null, key.Name]);
                    continue;
                }

                if (defaults is not null) values[key] = key.Property!.GetValue(defaults);
                else if (key.IsRequired && !meant.Contains(key.Name)) Error($"{subject} needs a key `{key.Name}`", blockName, key.Description);
                continue;
            }
            if (TryConvert(key, field, subject, out var value)) values[key] = value;
            else settled.Add(key.Name);
        }

        // What can be checked is checked beside other errors: all of them are reported at once.
        var isWhole = true;
        foreach (var key in schema.Keys.Where(key => key.IsRequired && !values.ContainsKey(key)))
        {
            if (!OptionTypes.TryEmpty(key.Type, out var empty)) return null;
            isWhole = false;
            values[key] = empty;
            settled.UnionWith([null, key.Name]);
        }

        object options;
        try
        {
            options = schema.Create(values);
            Validate(options, values, block, blockName, subject, settled);
        }
        catch (Exception) when (!isWhole)
        {
            // The code of others need not expect that what is required is missing.
            return null;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException problem)
        {
            Error($"{subject}: {problem.Message}", OptionPlace.Of(block, [problem.ParamName]) ?? blockName);
            return null;
        }
        return isWhole && diagnostics.Count == errorsBefore ? options : null;
    }

    /// <summary>Binds a block within a block, whose missing keys are taken from <paramref name="defaults"/>; they stand for it where it is not there.</summary>
    /// <returns>The options; null where an error was reported.</returns>
    public T? BindBlock<T>(HoconObject block, string key, string subject, T defaults)
        where T : class
    {
        if (!TryGetValue(block, key, out var field)) return field?.Value is HoconBroken ? null : defaults;
        if (field.Value is HoconObject nested) return (T?)Bind(typeof(T), nested, field.KeySpan, $"`{key}` of {subject}", defaults);
        Error($"`{key}` of {subject} must be a block", field.Value.Span, $"write {key} {{ … }}");
        return null;
    }

    /// <summary>Reports every key of a block that is not one of these.</summary>
    /// <returns>The keys that were reported.</returns>
    public IReadOnlyList<string> RejectUnknownKeys(HoconObject block, string subject, IReadOnlyList<string> known)
    {
        var unknown = block.Fields.Where(field => !known.Contains(field.Key)).ToList();
        foreach (var field in unknown)
        {
            var hint = HasEnough ? null
                : Suggestion.For(field.Key, known) is { } near ? $"did you mean `{near}`?"
                : known.Count == 0 ? "it takes no keys"
                : $"known keys: {string.Join(", ", known)}";
            Error($"unknown key `{DiagnosticBag.Shorten(field.Key)}` for {subject}", field.KeySpan, hint);
        }
        return [.. unknown.Select(field => field.Key)];
    }

    /// <summary>A key's field; null counts as not there, and so does what is broken, which was reported.</summary>
    public static bool TryGetValue(HoconObject block, string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HoconField? field) =>
        block.TryGet(key, out field) && field.Value is not (HoconScalar { Kind: HoconScalarKind.Null } or HoconBroken);

    /// <summary>Reads a text or a list of texts, each with its place; <paramref name="what"/> names it in errors.</summary>
    public IReadOnlyList<(string Text, SourceSpan Span)> ReadTexts(HoconValue value, string what)
    {
        IReadOnlyList<HoconValue> items = [value];
        if (value is not HoconScalar && !HoconConvert.TryArray(value, out items, out var problem))
        {
            Error($"{what}: {problem}", value.Span);
            return [];
        }
        var texts = new List<(string Text, SourceSpan Span)>();
        foreach (var item in items.Where(item => item is not HoconBroken))
        {
            if (HoconConvert.TryString(item, out var text, out var itemProblem)) texts.Add((text, item.Span));
            else Error($"{what}: {itemProblem}", item.Span);
        }
        return texts;
    }

    public void Error(string message, SourceSpan? span, string? hint = null) =>
        diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, KnownSecrets.Hide(message), span, string.IsNullOrEmpty(hint) ? null : KnownSecrets.Hide(hint)));

    /// <param name="message">What is questionable, as a phrase.</param>
    /// <param name="span">Where.</param>
    /// <param name="hint">What to do about it.</param>
    /// <param name="isSaidAtStart">Whether a node says it itself when it starts.</param>
    public void Warn(string message, SourceSpan? span, string? hint = null, bool isSaidAtStart = false) =>
        diagnostics.Add(new Diagnostic(DiagnosticSeverity.Warning, KnownSecrets.Hide(message), span, hint) { IsSaidAtStart = isSaidAtStart });

    private bool TryConvert(OptionKey key, HoconField field, string subject, out object? value)
    {
        value = null;
        var type = Nullable.GetUnderlyingType(key.Type) ?? key.Type;
        if (OptionTypes.IsBlock(type))
        {
            value = BindValue(type, field.Value, field, subject);
            return value is not null;
        }
        if (OptionTypes.ListItem(type) is { } item && OptionTypes.IsBlock(item)) return TryList(type, item, field, subject, out value);
        return ValueConverter.TryConvert(field.Value, type, key.IsByteSize, out value, (culprit, problem) => Error($"`{field.Key}` of {subject}: {problem}", culprit.Span));
    }

    /// <summary>Binds each block of a list; one block stands for a list of one.</summary>
    private bool TryList(Type type, Type item, HoconField field, string subject, out object? value)
    {
        var blocks = HoconConvert.TryArray(field.Value, out var items, out _) ? items : [field.Value];
        List<object?> bound = [.. blocks.Select(block => BindValue(item, block, field, subject))];
        value = bound.Contains(null) ? null : OptionTypes.ListOf(type, item, bound);
        return value is not null;
    }

    private object? BindValue(Type type, HoconValue value, HoconField field, string subject)
    {
        if (value is HoconBroken) return null;
        if (value is HoconObject block) return Bind(type, block, ReferenceEquals(value, field.Value) ? field.KeySpan : value.Span, $"`{field.Key}` of {subject}");
        Error($"`{field.Key}` of {subject} must be a block", value.Span, $"write {field.Key} {{ … }}");
        return null;
    }

    private void Validate(object options, IReadOnlyDictionary<OptionKey, object?> values, HoconObject block, SourceSpan blockName, string subject, HashSet<string?> settled)
    {
        foreach (var result in OptionsValidation.Problems(options, values))
        {
            var member = result.MemberNames.FirstOrDefault();
            var key = member is null ? null : OptionKey.Kebab(member.Split('.')[0]);
            if (settled.Contains(key)) continue;
            if (result is ValueProblem problem && block.TryGet(key!, out var text))
            {
                Report(problem, text.Value, subject);
                continue;
            }
            var message = result.ErrorMessage ?? "is not valid";
            message = message.Replace($"The field {member} ", "", StringComparison.Ordinal).TrimEnd('.');
            if (key is not null && !message.Contains($"`{key}`", StringComparison.Ordinal)) message = $"`{key}` {message}";
            Error($"{subject}: {message}", OptionPlace.Of(block, result.MemberNames, result.ErrorMessage ?? "") ?? blockName);
        }
    }

    private void Report(ValueProblem problem, HoconValue value, string subject)
    {
        var place = value is HoconScalar scalar ? HoconPart.Locate(scalar, problem.Start, problem.Length) : null;
        var message = $"{subject}: {problem.ErrorMessage}";
        if (place is null && value is HoconScalar { Text: var text })
        {
            var (line, column) = new LineIndex(text).Locate(problem.Start);
            message += $", in line {line}, column {column} of the text that is put together here";
        }
        Error(message, place ?? value.Span, problem.Hint);
    }
}
