using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace MessageRouter.Json;

/// <summary>
/// Changes one field of a checked document. What is not touched stays byte for byte. When a method returns false, its
/// result is empty.
/// </summary>
internal static class JsonEdit
{
    private const string NoObject = "the document is not an object";

    /// <summary>The payload, which is to be edited.</summary>
    /// <exception cref="MessageException">It is not a JSON object.</exception>
    public static ReadOnlySpan<byte> ObjectOf(ReadOnlySpan<byte> payload, MessageFormat format) =>
        format == MessageFormat.Json && JsonCursor.ByteAt(payload, JsonCursor.SkipSpace(payload, 0)) == '{'
            ? payload
            : throw new MessageException("The message is not a JSON object, so it has no fields to edit.");

    /// <summary>
    /// Replaces the value at the path, or adds it as the last field of its object together with missing parents.
    /// <paramref name="value"/> is a checked document too, without white space around it.
    /// </summary>
    public static bool TrySet(
        ReadOnlySpan<byte> json,
        FieldPath path,
        ReadOnlySpan<byte> value,
        out JsonSplice result,
        [NotNullWhen(false)] out string? problem)
    {
        result = default;
        var found = JsonCursor.Root(json);
        problem = found.Kind != JsonTokenType.StartObject ? NoObject
            : path.Count + JsonCursor.DepthOf(value) > JsonCheck.MaxDepth ? $"with '{path}' the document would be more than {JsonCheck.MaxDepth} levels deep"
            : null;
        if (problem is not null) return false;

        var depth = 0;
        while (depth < path.Count && JsonField.TryFindChild(json, found, path[depth], out _, out var child))
        {
            found = child;
            depth++;
        }

        if (depth == path.Count)
        {
            result = new JsonSplice(json, found.Start, found.End, value);
            return true;
        }

        if (found.Kind != JsonTokenType.StartObject)
        {
            problem = found.Kind == JsonTokenType.StartArray
                ? $"'{path[depth].Text}' is not an index in the array '{path.Prefix(depth)}'"
                : $"'{path.Prefix(depth)}' is not an object";
            return false;
        }

        result = JsonSplice.Add(json, found, path, depth, value);
        return true;
    }

    /// <inheritdoc cref="TrySet"/>
    /// <exception cref="MessageException">The field has no place in the document.</exception>
    public static JsonSplice Set(ReadOnlySpan<byte> json, FieldPath path, ReadOnlySpan<byte> value) =>
        TrySet(json, path, value, out var result, out var problem) ? result : throw NotSet(path, problem);

    public static MessageException NotSet(FieldPath path, string problem) => new($"The field '{path}' cannot be set: {problem}.");

    /// <summary>Removes the field, with all duplicates of its key. False when there is none.</summary>
    public static bool TryRemove(ReadOnlySpan<byte> json, FieldPath path, out JsonSplice result)
    {
        result = default;
        if (!JsonField.TryFind(json, path, path.Count - 1, out var parent)
            || !JsonField.TryFindChild(json, parent, path.Last, out var start, out var value))
        {
            return false;
        }

        result = parent.Kind == JsonTokenType.StartObject && JsonMember.MayRepeat(json, parent, path.Last, start)
            ? Whole(JsonMembers.Remove(json, parent, path.Last))
            : Cut(json, start, value.End);
        return true;
    }

    /// <summary>
    /// Moves a value: like removing it and then setting it at the new path, but a new name in the same object keeps the
    /// place. False without a problem when there is nothing to move.
    /// </summary>
    public static bool TryRename(
        ReadOnlySpan<byte> json, FieldPath from, FieldPath to, out JsonSplice result, out string? problem)
    {
        result = default;
        problem = JsonCursor.Root(json).Kind == JsonTokenType.StartObject ? null : NoObject;
        if (problem is not null
            || !JsonField.TryFind(json, from, from.Count - 1, out var parent)
            || !JsonField.TryFindChild(json, parent, from.Last, out var start, out var value))
        {
            return false;
        }

        if (from.IsSiblingOf(to))
        {
            if (from.Last.Text.Equals(to.Last.Text, StringComparison.Ordinal))
            {
                result = Whole(json);
                return true;
            }

            if (parent.Kind == JsonTokenType.StartObject && !JsonField.TryFindChild(json, parent, to.Last, out _, out _))
            {
                result = JsonMember.MayRepeat(json, parent, from.Last, start)
                    ? Whole(JsonMembers.Rename(json, parent, from.Last, value, to.Last))
                    : new JsonSplice(json, start, JsonCursor.EndOfString(json, start), to.Last.Quoted);
                return true;
            }
        }

        return TryRemove(json, from, out var rest) && TrySet(rest.ToArray(), to, value.Raw(json), out result, out problem);
    }

    /// <summary>Moves the value to another path, as the other overload does. False when there is nothing to move.</summary>
    /// <exception cref="MessageException">The field has no place at the new path.</exception>
    public static bool TryRename(ReadOnlySpan<byte> json, FieldPath from, FieldPath to, out JsonSplice result)
    {
        if (TryRename(json, from, to, out result, out var problem)) return true;
        return problem is null ? false : throw new MessageException($"The field '{from}' cannot become '{to}': {problem}.");
    }

    private static JsonSplice Whole(ReadOnlySpan<byte> json) => new(json, json.Length, json.Length, []);

    // The comma before goes with the child; when nothing is left before it, the comma after.
    private static JsonSplice Cut(ReadOnlySpan<byte> json, int start, int end)
    {
        var before = JsonCursor.SkipSpaceBack(json, start) - 1;
        if (json[before] == ',') return new JsonSplice(json, JsonCursor.SkipSpaceBack(json, before), end, []);

        var behind = JsonCursor.SkipSpace(json, end);
        return new JsonSplice(json, start, JsonCursor.ByteAt(json, behind) == ',' ? JsonCursor.SkipSpace(json, behind + 1) : end, []);
    }
}
