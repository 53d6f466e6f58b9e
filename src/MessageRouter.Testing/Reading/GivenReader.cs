using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Testing.Conditions;

namespace MessageRouter.Testing.Reading;

/// <summary>Reads <c>given</c>: what outputs, filters and worker processes are to go through.</summary>
internal sealed class GivenReader(OptionsBinder binder, NodeNames names)
{
    public Givens Read(HoconObject block)
    {
        var outputs = new Dictionary<string, IReadOnlyList<OutputCondition>>();
        var filters = new Dictionary<string, IReadOnlyList<FailureCondition>>();
        var workers = new Dictionary<string, DeathCondition>();
        foreach (var (named, field) in names.Resolve(block))
        {
            switch (named.Component?.Role)
            {
                case null:
                    if (Blocks(field).Select(each => Bind<DeathCondition>(named, field, each)).FirstOrDefault() is { } death) workers[named.Group] = death;
                    break;
                case ComponentRole.Input:
                    binder.Error($"nothing can be given of {named.What}", field.KeySpan, "what it brings is what the test sends");
                    break;
                case ComponentRole.Filter:
                    filters[named.FullName] = [.. Blocks(field).Select(each => ReadFailure<FailureCondition>(named, field, each)).OfType<FailureCondition>()];
                    break;
                default:
                    outputs[named.FullName] = [.. Blocks(field).Select(each => ReadFailure<OutputCondition>(named, field, each)).OfType<OutputCondition>()];
                    break;
            }
        }
        return new Givens { Outputs = outputs, Filters = filters, Workers = workers };
    }

    private TCondition? ReadFailure<TCondition>(NodeNames.Named named, HoconField field, HoconObject block)
        where TCondition : FailureCondition
    {
        var condition = Bind<TCondition>(named, field, block, "when");
        if (!OptionsBinder.TryGetValue(block, "when", out var when)) return condition;
        var pattern = new PatternReader(binder, exact: false).Read(when.Value);
        if (condition is { IsFailure: false }) binder.Error($"`when` of {named.What} goes with `fails`", when.KeySpan);
        return pattern is null || condition is null ? null : condition with { When = pattern };
    }

    private TCondition? Bind<TCondition>(NodeNames.Named named, HoconField field, HoconObject block, params IReadOnlyList<string> others)
        where TCondition : class =>
        (TCondition?)binder.Bind(typeof(TCondition), block, ReferenceEquals(block, field.Value) ? field.KeySpan : block.Span, $"what is given of {named.What}", others);

    private IEnumerable<HoconObject> Blocks(HoconField field)
    {
        IReadOnlyList<HoconValue> values = field.Value is HoconArray array ? array.Items : [field.Value];
        foreach (var value in values.Where(value => value is not (HoconObject or HoconBroken)))
            binder.Error($"`{field.Key}` must be a block, or a list of them", value.Span, $"write {field.Key} {{ stuck = true }}");
        return values.OfType<HoconObject>();
    }
}
