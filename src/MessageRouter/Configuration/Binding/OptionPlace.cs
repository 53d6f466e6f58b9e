using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration.Binding;

/// <summary>Where the value of an option stands, which need not be where its block does: another file or an override may have set it.</summary>
internal static class OptionPlace
{
    /// <summary>The place of the first of these members that the block has; of a list that of the element which the message names.</summary>
    /// <param name="block">The block.</param>
    /// <param name="members">Properties, also of properties, as in <c>Backoff.Min</c>.</param>
    /// <param name="message">What is wrong.</param>
    public static SourceSpan? Of(HoconObject block, IEnumerable<string?> members, string message = "")
    {
        foreach (var member in members.OfType<string>())
        {
            if (Find(block, member.Split('.').Select(OptionKey.Kebab)) is { } value) return Element(value, message).Span;
        }
        return null;
    }

    /// <summary>The place of the value that has this text, the type and the targets aside; null where there is none.</summary>
    public static SourceSpan? OfText(HoconObject block, string text) =>
        block.Fields.Where(field => field.Key is not ("type" or "class" or "to")).SelectMany(field => Texts(field.Value)).FirstOrDefault(scalar => scalar.Text == text)?.Span;

    private static HoconValue? Find(HoconObject block, IEnumerable<string> path)
    {
        HoconValue? found = block;
        foreach (var key in path) found = found is HoconObject fields && fields.TryGet(key, out var field) ? field.Value : null;
        return found;
    }

    private static HoconValue Element(HoconValue value, string message) =>
        value is HoconArray array && array.Items.FirstOrDefault(item => item is HoconScalar { Text.Length: > 0 } scalar && message.StartsWith($"\"{scalar.Text}\" ", StringComparison.Ordinal)) is { } named
            ? named
            : value;

    private static IEnumerable<HoconScalar> Texts(HoconValue value) => value switch
    {
        HoconScalar scalar => [scalar],
        HoconArray array => array.Items.SelectMany(Texts),
        HoconObject block => block.Fields.SelectMany(field => Texts(field.Value)),
        _ => [],
    };
}
