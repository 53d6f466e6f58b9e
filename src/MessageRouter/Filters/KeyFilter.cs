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
/// empty string and false can be matched too. The field is read from the bytes; of a peer it is decided once for all of its messages that come together.
/// </summary>
internal sealed class KeyFilter(KeyFilter.Options options) : PayloadFilter, IExplains
{
    private Options _options = options;
    private MessageKey _key = MessageKey.Parse(options.Key);
    private byte[] _text = Encoding.UTF8.GetBytes(options.Text);
    private Regex? _pattern = options.Pattern;

    /// <summary>The peer that was met last, and whether its messages pass; null before any was.</summary>
    private (MessagePeer? Peer, bool Passes)? _met;

    protected override void Change(object options)
    {
        _options = (Options)options;
        (_key, _text, _pattern, _met) = (MessageKey.Parse(_options.Key), Encoding.UTF8.GetBytes(_options.Text), _options.Pattern, null);
    }

    protected override Verdict Look(ReadOnlySpan<byte> payload, MessageFormat format, MessagePeer? peer, out ReadOnlyMemory<byte> edited)
    {
        edited = default;
        var passes = _key.Field is { } field ? format == MessageFormat.Json && JsonField.TryFind(payload, field, out var value) && Matches(payload, value) : Passes(peer);
        return passes ? Verdict.Passes : Verdict.Ends;
    }

    public IEnumerable<Reason> Explain(Message message)
    {
        if (_key.Field is not null && message.Format != MessageFormat.Json) return [new Reason($"it is no JSON, so that it has no `{_options.Key}`", "key")];
        if (_key.Shown(message) is not { } shown) return [new Reason(_key.Peer is not null ? $"its peer has no `{_key.Peer}`, or is not known" : $"it has no `{_options.Key}`", "key")];
        var found = $"`{_options.Key}` is {shown}";
        var matches = Look(message.Payload.Span, message.Format, message.Peer, out _) == Verdict.Passes;
        if (_pattern is not null) return [new Reason($"{found}, in which `{_options.Text}` is {(matches ? "" : "not ")}found", "match")];
        return [new Reason(matches ? $"{found}, as `match` says" : $"{found}, not {FieldEdit.Shown(JsonTree.Write(_options.Match ?? JValue.CreateNull()))}", "match")];
    }

    private bool Matches(ReadOnlySpan<byte> document, JsonSlice value) =>
        _pattern is null ? value.ValueEquals(document, _text) : _pattern.IsMatch(value.GetText(document));

    private bool Passes(MessagePeer? peer)
    {
        if (_met is { } met && ReferenceEquals(met.Peer, peer)) return met.Passes;
        var passes = _key.Peer!.Of(peer) is { } text && (_pattern?.IsMatch(text) ?? text == _options.Text);
        _met = (peer, passes);
        return passes;
    }

    internal sealed record Options : IValidatableObject
    {
        [Live]
        [Description("The field to look at: names separated by dots; a name with a dot in it stands in double quotes. Or who sent it: peer.identity, peer.address, peer.public-key, peer.mechanism, peer.routing-id or peer.attributes.NAME, whatever fields it has; a field of such a name is written \"peer\".identity.")]
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
            if (!MessageKey.TryParse(Key, out _, out var problem)) yield return new ValidationResult($"is not a field path: {problem}", [nameof(Key)]);
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
