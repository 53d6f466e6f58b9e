using System.Globalization;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>Puts values together that stand beside each other: strings to a string, arrays to an array, objects to an object.</summary>
internal sealed class Concatenation(Resolver resolver, DiagnosticBag diagnostics)
{
    /// <summary>Null when nothing of it is defined.</summary>
    public Head? Join(ConcatenationDefinition definition)
    {
        var heads = new List<(Head? Head, Definition Part)>(definition.Parts.Count);
        foreach (var part in definition.Parts)
        {
            heads.Add((Evaluate(part), part));
        }

        if (heads.Exists(entry => entry.Head is BrokenHead))
        {
            return new BrokenHead(definition.Span);
        }

        var isArray = heads.Exists(entry => entry.Head is ArrayHead);
        var isObject = !isArray && heads.Exists(entry => entry.Head is ObjectHead);
        if (!isArray && !isObject)
        {
            return JoinText(definition, heads);
        }

        // White space between structures has no meaning, and what is undefined adds nothing.
        heads.RemoveAll(entry => entry.Head is null || entry.Part is WhitespaceDefinition);
        return isArray ? JoinArrays(definition, heads) : JoinObjects(definition, heads);
    }

    public Head Append(Head? before, AppendDefinition append)
    {
        var items = before is null ? [] : AsItems(before);
        if (before is BrokenHead)
        {
            return before;
        }

        if (items is null)
        {
            diagnostics.Error(append.Span, $"`+=` needs an array to add to, but the value was {Describe(before!)}");
            return new BrokenHead(append.Span);
        }

        return resolver.Budget.Charge(items.Count, append.Span)
            ? new ArrayHead(append.Span, [.. items, .. append.Items])
            : new BrokenHead(append.Span);
    }

    private static string Describe(Head head) => head switch
    {
        ArrayHead => "an array",
        ObjectHead => "an object",
        ScalarHead { Value.Kind: HoconScalarKind.Null } => "null",
        ScalarHead { Value.Kind: HoconScalarKind.Boolean } => "a boolean",
        ScalarHead { Value.Kind: HoconScalarKind.Number } => "a number",
        _ => "a string",
    };

    private Head? Evaluate(Definition part) => part switch
    {
        LiteralDefinition literal => literal.Head,
        WhitespaceDefinition space => new ScalarHead(new HoconScalar(space.Span, space.Text, HoconScalarKind.String)),
        ArrayDefinition array => new ArrayHead(array.Span, array.Items),
        ObjectDefinition definition => resolver.Open(definition, lower: null),
        SubstitutionDefinition substitution => resolver.Substitute(substitution),
        _ => new BrokenHead(part.Span),
    };

    private Head? JoinText(ConcatenationDefinition definition, List<(Head? Head, Definition Part)> heads)
    {
        var texts = heads.Select(entry => entry.Head).OfType<ScalarHead>().Select(head => head.Value.Text).ToList();
        if (texts.Count == 0)
        {
            return null;
        }

        return resolver.Budget.Charge(texts.Sum(text => (long)text.Length), definition.Span)
            ? new ScalarHead(new HoconScalar(definition.Span, string.Concat(texts), HoconScalarKind.String))
            : new BrokenHead(definition.Span);
    }

    private Head JoinArrays(ConcatenationDefinition definition, List<(Head? Head, Definition Part)> heads)
    {
        var joined = new List<Pending>();
        foreach (var (head, part) in heads)
        {
            if (AsItems(head!) is not { } items)
            {
                return ReportMixture(definition, heads, part, head!, "an array");
            }

            if (!resolver.Budget.Charge(items.Count, definition.Span))
            {
                return new BrokenHead(definition.Span);
            }

            joined.AddRange(items);
        }

        return new ArrayHead(definition.Span, joined);
    }

    private Head JoinObjects(ConcatenationDefinition definition, List<(Head? Head, Definition Part)> heads)
    {
        ObjectHead? joined = null;
        foreach (var (head, part) in heads)
        {
            if (head is not ObjectHead fields)
            {
                return ReportMixture(definition, heads, part, head!, "an object");
            }

            joined = joined is null ? fields
                : part is ObjectDefinition literal ? resolver.Open(literal, joined)
                : resolver.Merge(fields, joined);
        }

        return joined!;
    }

    private BrokenHead ReportMixture(
        ConcatenationDefinition definition, List<(Head? Head, Definition Part)> heads, Definition part, Head head, string other)
    {
        // Where a substitution turned out to be something else than expected, that is the place to look at.
        if (part is not SubstitutionDefinition
            && heads.Find(entry => entry.Part is SubstitutionDefinition && entry.Head is StructureHead) is { Head: { } found, Part: { } source })
        {
            (part, other, head) = (source, Describe(head), found);
        }

        var name = part is SubstitutionDefinition substitution ? $"`${{{substitution.Name}}}` is {Describe(head)}: " : "";
        diagnostics.Error(part.Span, $"{name}{Describe(head)} and {other} cannot be put together");
        return new BrokenHead(definition.Span);
    }

    /// <summary>The elements of an array, or of an object whose keys are numbers: these stand for an array where one is needed.</summary>
    private static List<Pending>? AsItems(Head head)
    {
        if (head is ArrayHead array)
        {
            return array.Items;
        }

        var numbered = (head as ObjectHead)?.Fields
            .Where(field => int.TryParse(field.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderBy(field => int.Parse(field.Key, CultureInfo.InvariantCulture))
            .Select(field => field.Value)
            .ToList();
        return numbered is { Count: > 0 } ? numbered : null;
    }
}
