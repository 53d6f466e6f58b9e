using System.Buffers.Text;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MessageRouter.Components;
using MessageRouter.Json;
using MessageRouter.Ledger;
using MessageRouter.Sequences;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Filters;

/// <summary>
/// Passes every message on and finds what is missing between them, by numbers that the application writes: how many are lost, came twice or out of order, and how often a source
/// has begun again. It looks at the bytes, and makes no message of them.
/// </summary>
internal sealed partial class GapDetectFilter : FilterActor, IExplains
{
    private readonly Options _options;
    private readonly FieldPath _field;
    private readonly SourceName _name;
    private readonly SequenceSources _sources;
    private readonly GapCounts _counts;
    private readonly LogThrottle _log;

    public GapDetectFilter(Options options)
    {
        _options = options;
        _field = FieldPath.Parse(options.Field);
        _name = new SourceName([.. options.By.Select(MessageKey.Parse)]);
        _counts = Cell.Counts.Gaps ??= new GapCounts();
        _log = new LogThrottle(Clock);

        // A restart forgets no source.
        var kept = Cell.Kept as Known;
        _sources = ReferenceEquals(kept?.Options, options) ? kept.Sources : new SequenceSources(options.Sources, options.Window, options.LargestGap, _counts);
        Cell.Kept = new Known(options, _sources);
    }

    public IEnumerable<Reason> Explain(Message message)
    {
        if (!TryRead(message.Payload.Span, message.Format, out var number)) return [new Reason($"it has no number in `{_field}`; every message goes on", "field")];
        var source = _options.By.Count == 0 ? "" : $" of the source with {string.Join(" and ", _options.By.Select(key => $"`{key}` {MessageKey.Parse(key).Shown(message) ?? "missing"}"))}";
        var sequence = _sources.Find(_name.Of(message.Payload.Span, message.Format, message.Peer));
        var step = sequence?.Of(number, IsRedelivered(message)) switch
        {
            null or SequenceStep.First => "is the first",
            SequenceStep.Next => $"follows {sequence.Highest}",
            SequenceStep.Gap => $"comes after {sequence.Highest}, so that numbers are missing",
            SequenceStep.Jump => $"is so far from {sequence.Highest} that another sequence begins",
            SequenceStep.Late => "comes out of order",
            SequenceStep.Duplicate => "was there before",
            _ => $"goes back from {sequence.Highest}: the next one tells whether another sequence has begun",
        };
        return [new Reason(FormattableString.Invariant($"`{_field}` is {number} and {step}{source}; every message goes on"), "field")];
    }

    protected override Message? Filter(Message message)
    {
        Look(message.Payload.Span, message.Format, message.Peer, IsRedelivered(message));
        return message;
    }

    private protected override void FilterRest(MessageBatch batch, PassedMessages passed)
    {
        if (batch.PlainDetails is not { } details)
        {
            base.FilterRest(batch, passed);
            return;
        }
        while (passed.Next < batch.Count)
        {
            Look(batch.PayloadAt(passed.Next), details.Format, details.Peer, isRedelivered: false);
            passed.Keep();
        }
    }

    private protected override void HandleEnd()
    {
        base.HandleEnd();
        Report(_sources.End());
    }

    private static bool IsRedelivered(Message message) => message.Delivery is { Redeliveries: > 0 };

    private void Look(ReadOnlySpan<byte> payload, MessageFormat format, MessagePeer? peer, bool isRedelivered)
    {
        if (!TryRead(payload, format, out var number))
        {
            _counts.Unnumbered.Add(1);
            return;
        }
        var sequence = _sources.Of(_name.Of(payload, format, peer), out var lost);
        lost += sequence.Take(number, isRedelivered);
        if (lost > 0) Report(lost);
    }

    private bool TryRead(ReadOnlySpan<byte> payload, MessageFormat format, out ulong number)
    {
        number = 0;
        if (format != MessageFormat.Json || !JsonField.TryFind(payload, _field, out var value)) return false;
        var text = value.Raw(payload);
        if (value.Kind == JsonTokenType.String) text = text[1..^1];
        return Utf8Parser.TryParse(text, out number, out var read) && read == text.Length;
    }

    private void Report(long lost)
    {
        if (lost > 0) _log.Write(suppressed => Lost(Logger, lost, _options.Field, _counts.Lost.Value, suppressed));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} numbers of {Field} never came, {Total} in all.{Suppressed}")]
    private static partial void Lost(ILogger logger, long count, string field, long total, string suppressed);

    private sealed record Known(Options Options, SequenceSources Sources);

    internal sealed record Options : IValidatableObject
    {
        [Description("The field with the number, which grows by one from message to message: names separated by dots; a name with a dot in it stands in double quotes.")]
        public required string Field { get; init; }

        [Description("What tells the sources apart that each have numbers of their own: fields, as in [host, pid], or who sent it, as in peer.address. None for one source.")]
        public IReadOnlyList<string> By { get; init; } = [];

        [Description("How many numbers, up to the highest of a source, may come out of order before those that are missing are lost.")]
        [Range(1, 65_536, ErrorMessage = "must be from 1 to 65536")]
        public int Window { get; init; } = 1000;

        [Description("How many numbers may be missing at once; what is further on is a sequence that has begun anew.")]
        [Range(1L, 1_000_000_000_000L, ErrorMessage = "must be from 1 to 1000000000000")]
        public long LargestGap { get; init; } = 1_000_000;

        [Description("How many sources are remembered; the one that has said nothing for longest makes room for a new one, counted as forgotten.")]
        [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
        public int Sources { get; init; } = 10_000;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (!FieldPath.TryParse(Field, out _, out var problem)) yield return new ValidationResult($"is not a field path: {problem}", [nameof(Field)]);
            foreach (var key in By)
            {
                if (!MessageKey.TryParse(key, out _, out var wrong)) yield return new ValidationResult($"`{key}` is not a field path: {wrong}", [nameof(By)]);
            }
        }
    }
}
