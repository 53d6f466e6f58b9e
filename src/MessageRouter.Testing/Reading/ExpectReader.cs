using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Testing.Expectations;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Reading;

/// <summary>Reads <c>expect</c>: what outputs get, what becomes an error, and what the ledger says in the end.</summary>
internal sealed class ExpectReader(OptionsBinder binder, NodeNames names)
{
    private static readonly Dictionary<string, Func<Outcome, string, long>> LedgerKeys = new()
    {
        ["in"] = (outcome, component) => outcome.Line(component).In,
        ["out"] = (outcome, component) => outcome.Line(component).Out,
        ["created"] = (outcome, component) => outcome.Line(component).Created,
        ["filtered"] = (outcome, component) => outcome.Line(component).Filtered,
        ["failed"] = (outcome, component) => outcome.Line(component).Failed,
        ["queued"] = (outcome, component) => outcome.Line(component).Queued,
        ["restarts"] = (outcome, component) => outcome.Line(component).Restarts,
    };

    private static readonly Dictionary<string, Func<Outcome, string, long>> GroupKeys = new()
    {
        ["restarts"] = (outcome, group) => outcome.Restarts(group),
        ["running"] = (outcome, group) => outcome.RunningProcesses(group),
    };

    private static readonly string[] ComponentKeys = [.. LedgerKeys.Keys, "dropped", "stopped"];

    private static readonly string[] OutputKeys = ["messages", "first", "last", "contains", "none", "every", "count", "exact", "order", "after", "within", .. ComponentKeys];

    /// <summary>Whether it says which messages fail.</summary>
    public bool HasErrors { get; private set; }

    public IReadOnlyList<Expectation> Read(HoconObject block) => [.. names.Resolve(block).SelectMany(each => Read(each.Named, each.Field))];

    private IEnumerable<Expectation> Read(NodeNames.Named named, HoconField field)
    {
        HasErrors |= named.IsErrors;
        var gets = named.Component?.Role == ComponentRole.Output;
        switch (field.Value)
        {
            case HoconBroken:
                return [];
            case HoconObject block:
                var known = named.Component is null ? [.. GroupKeys.Keys] : gets ? OutputKeys : ComponentKeys;
                binder.RejectUnknownKeys(block, $"what is expected of {named.What}", known);
                return ReadKeys(named, block, gets);
            case HoconScalar { Text: "none" } when gets:
                return [new MessagesExpectation(named.FullName, field.Value.Span, [], Part.Messages, InOrder: true)];
            case HoconArray when gets:
                return ReadMessages(named, field, Part.Messages, exact: false, inOrder: true);
            default:
                binder.Error(
                    $"what is expected of {named.What} must be a block{(gets ? ", or a list of messages" : "")}", field.Value.Span,
                    gets ? $"write {field.Key} = [{{ … }}]" : $"write {field.Key} {{ {(named.Component is null ? "restarts" : "filtered")} = 1 }}");
                return [];
        }
    }

    private IEnumerable<Expectation> ReadKeys(NodeNames.Named named, HoconObject block, bool gets)
    {
        var exact = gets && ReadFlag(named, block, "exact");
        var inOrder = !gets || ReadOrder(named, block);
        List<Expectation> expectations = [];
        foreach (var field in block.Fields.Where(field => field.Value is not HoconBroken))
        {
            if ((named.Component is null ? GroupKeys : LedgerKeys).TryGetValue(field.Key, out var number)) AddNumber(field, number);
            else if (named.Component is not null && field.Key == "dropped") expectations.AddRange(ReadDropped(named, field));
            else if (named.Component is not null && field.Key == "stopped") expectations.Add(new StopExpectation(named.FullName, field.Value.Span, ReadFlag(named, block, "stopped")));
            else if (gets) AddOfMessages(field);
        }
        return expectations;

        void AddNumber(HoconField field, Func<Outcome, string, long> number)
        {
            if (ReadAmount(named, field) is { } amount)
                expectations.Add(new NumberExpectation(named.FullName, field.Value.Span, field.Key, amount, outcome => number(outcome, named.Component is null ? named.Group : named.FullName)));
        }

        void AddOfMessages(HoconField field)
        {
            switch (field.Key)
            {
                case "messages" or "first" or "last" or "contains":
                    expectations.AddRange(ReadMessages(named, field, Enum.Parse<Part>(field.Key, ignoreCase: true), exact, inOrder));
                    break;
                case "none":
                    expectations.AddRange(ReadPatterns(named, field, exact).Select(pattern => new EachExpectation(named.FullName, pattern.Value.Span, pattern.Pattern, IsNone: true)));
                    break;
                case "every":
                    expectations.AddRange(ReadPatterns(named, field, exact).Select(pattern => new EachExpectation(named.FullName, pattern.Value.Span, pattern.Pattern, IsNone: false)));
                    break;
                case "count":
                    AddNumber(field, (outcome, output) => outcome.Arrivals[output].Count);
                    break;
                case "after" or "within":
                    if (HoconConvert.TryDuration(field.Value, out var time, out var problem)) expectations.Add(new TimeExpectation(named.FullName, field.Value.Span, time, field.Key == "within"));
                    else binder.Error($"`{field.Key}` of what is expected of {named.What}: {problem}", field.Value.Span);
                    break;
            }
        }
    }

    private IEnumerable<Expectation> ReadMessages(NodeNames.Named named, HoconField field, Part part, bool exact, bool inOrder)
    {
        var before = binder.Count;
        var patterns = ReadPatterns(named, field, exact);
        return binder.Count > before ? [] : [new MessagesExpectation(named.FullName, field.Value.Span, [.. patterns.Select(pattern => pattern.Pattern)], part, inOrder) { Places = [.. patterns.Select(pattern => pattern.Value.Span)] }];
    }

    /// <summary>The messages of a list; a single one stands for a list of one.</summary>
    private List<(Pattern Pattern, HoconValue Value)> ReadPatterns(NodeNames.Named named, HoconField field, bool exact)
    {
        IReadOnlyList<HoconValue> items = field.Value is HoconArray array ? array.Items : [field.Value];
        var reader = new PatternReader(binder, exact);
        foreach (var nothing in items.Where(item => item is HoconScalar { Kind: HoconScalarKind.Null })) binder.Error($"`{field.Key}` of what is expected of {named.What} must be messages, and null is none", nothing.Span);
        return [.. items.Where(item => item is not HoconBroken).Select(item => (Pattern: reader.ReadMessage(item), Value: item)).Where(item => item.Pattern is not null).Select(item => (item.Pattern!, item.Value))];
    }

    private IEnumerable<Expectation> ReadDropped(NodeNames.Named named, HoconField field)
    {
        if (field.Value is HoconObject reasons)
        {
            var amounts = reasons.Fields.Select(reason => (reason.Key, Amount: ReadAmount(named, reason))).Where(reason => reason.Amount is not null);
            yield return new DropExpectation(named.FullName, field.KeySpan, amounts.ToDictionary(reason => reason.Key, reason => reason.Amount!));
        }
        else if (ReadAmount(named, field) is { } amount)
        {
            yield return new NumberExpectation(named.FullName, field.Value.Span, field.Key, amount, outcome => outcome.Line(named.FullName).Dropped.Values.Sum());
        }
    }

    private Amount? ReadAmount(NodeNames.Named named, HoconField field)
    {
        if (field.Value is HoconScalar scalar && Amount.TryParse(scalar.Text, out var amount)) return amount;
        if (field.Value is not HoconBroken) binder.Error($"`{field.Key}` of what is expected of {named.What} must be {Amount.Forms}", field.Value.Span);
        return null;
    }

    private bool ReadFlag(NodeNames.Named named, HoconObject block, string key)
    {
        if (!OptionsBinder.TryGetValue(block, key, out var field)) return false;
        if (!HoconConvert.TryBoolean(field.Value, out var flag, out var problem)) binder.Error($"`{key}` of what is expected of {named.What}: {problem}", field.Value.Span);
        return flag;
    }

    private bool ReadOrder(NodeNames.Named named, HoconObject block)
    {
        if (!OptionsBinder.TryGetValue(block, "order", out var field)) return true;
        if (field.Value is HoconScalar { Text: "any" }) return false;
        if (field.Value is not HoconScalar { Text: "kept" }) binder.Error($"`order` of what is expected of {named.What} is `kept` or `any`", field.Value.Span);
        return true;
    }
}
