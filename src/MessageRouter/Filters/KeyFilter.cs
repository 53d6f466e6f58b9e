using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>
/// Passes the messages whose field has a certain value, as Message::Passing's <c>Key</c> does; unlike there, 0, an
/// empty string and false can be matched too. The field is read from the bytes.
/// </summary>
internal sealed class KeyFilter(KeyFilter.Options options) : PayloadFilter, IExplains
{
    private Options _options = options;
    private FieldPath _key = FieldPath.Parse(options.Key);
    private byte[] _text = Encoding.UTF8.GetBytes(options.Text);
    private Regex? _pattern = options.Pattern;

    protected override void Change(object options)
    {
        _options = (Options)options;
        (_key, _text, _pattern) = (FieldPath.Parse(_options.Key), Encoding.UTF8.GetBytes(_options.Text), _options.Pattern);
    }

    protected override Verdict Look(ReadOnlySpan<byte> payload, MessageFormat format, out ReadOnlyMemory<byte> edited)
    {
        edited = default;
        return format == MessageFormat.Json && JsonField.TryFind(payload, _key, out var value) && Matches(payload, value) ? Verdict.Passes : Verdict.Ends;
    }

    public IEnumerable<Reason> Explain(Message message)
    {
        var document = message.Payload.Span;
        if (message.Format != MessageFormat.Json) return [new Reason($"it is no JSON, so that it has no `{_options.Key}`", "key")];
        if (!JsonField.TryFind(document, _key, out var value)) return [new Reason($"it has no `{_options.Key}`", "key")];
        var found = $"`{_options.Key}` is {FieldEdit.Shown(value.Raw(document))}";
        var matches = Matches(document, value);
        if (_pattern is not null) return [new Reason($"{found}, in which `{_options.Text}` is {(matches ? "" : "not ")}found", "match")];
        return [new Reason(matches ? $"{found}, as `match` says" : $"{found}, not {FieldEdit.Shown(JsonTree.Write(_options.Match ?? JValue.CreateNull()))}", "match")];
    }

    private bool Matches(ReadOnlySpan<byte> document, JsonSlice value) =>
        _pattern is null ? value.ValueEquals(document, _text) : _pattern.IsMatch(value.GetText(document));

    internal sealed record Options : IValidatableObject
    {
        [Live]
        [Description("The field to look at: names separated by dots; a name with a dot in it stands in double quotes.")]
        public required string Key { get; init; }

        [Live]
        [Description("The value that the field must have, compared as text: 0 matches 0 and \"0\". With match-type = regex a pattern.")]
        public required JToken Match { get; init; }

        [Live]
        [Description("How to compare: eq for the whole text, regex for a .NET regular expression without look-around and back-references.")]
        public KeyMatchType MatchType { get; init; } = KeyMatchType.Eq;

        internal string Text => Match switch
        {
            null => "null",
            { Type: JTokenType.String } => (string)Match!,
            _ => Match.ToString(Formatting.None),
        };

        internal Regex? Pattern => MatchType == KeyMatchType.Regex ? CreatePattern() : null;

        // Without backtracking no pattern can take more than linear time, whatever text a message brings.
        internal Regex CreatePattern() => new(Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (!FieldPath.TryParse(Key, out _, out var problem))
                yield return new ValidationResult($"is not a field path: {problem}", [nameof(Key)]);
            if (Match is JContainer)
                yield return new ValidationResult("must be one string, number or boolean; match objects and lists by one of their fields", [nameof(Match)]);
            else if (MatchType == KeyMatchType.Regex && PatternProblem() is { } patternProblem)
                yield return new ValidationResult(patternProblem, [nameof(Match)]);
        }

        private string? PatternProblem()
        {
            try
            {
                CreatePattern();
                return null;
            }
            catch (RegexParseException exception)
            {
                return $"is not a regular expression: {exception.Message}";
            }
            catch (NotSupportedException exception)
            {
                return $"is a regular expression that could take endless time: {exception.Message} Write it without look-around, back-references and atomic groups.";
            }
        }
    }
}

/// <summary>How a <c>key</c> filter compares.</summary>
internal enum KeyMatchType
{
    /// <summary>The field's text is the given one.</summary>
    Eq,

    /// <summary>The pattern is found in the field's text.</summary>
    Regex,
}
