using System.Globalization;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Json;

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

    /// <summary>The place of an option with its key, by a path within the block: names, and of a list's element its number.</summary>
    public static SourceSpan? OfPath(HoconObject block, string path)
    {
        if (!FieldPath.TryParse(path, out var names, out _)) return null;
        (HoconValue? value, SourceSpan? place) = (block, null);
        foreach (var name in names.Segments)
        {
            switch (value)
            {
                case HoconObject fields when fields.TryGet(name, out var field):
                    (value, place) = (field.Value, field.KeySpan);
                    break;
                case HoconArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count:
                    (value, place) = (list.Items[index], list.Items[index].Span);
                    break;
                default:
                    // One text may stand for a list of one.
                    return value is HoconScalar ? place : null;
            }
        }
        return place;
    }

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
