using System.Buffers;
using System.Runtime.CompilerServices;
using MessageRouter.Json;
using MessageRouter.Zmtp;
using Newtonsoft.Json.Linq;

namespace MessageRouter;

/// <content>Changes of single fields, over the bytes.</content>
public sealed partial class Message
{
    private const int TextOnStack = 512;

    /// <summary>Without overloads of their own, characters would be written as the numbers that they have.</summary>
    private const string NoCharacters = "A field is set to a text, in double quotes, not to a character";

    /// <summary>What edits write to. Messages that are edited one after the other share memory, as those that came in one after the other do.</summary>
    [ThreadStatic]
    private static PayloadCopies? _copies;

    /// <summary>
    /// This message with one field set: <c>message.With("worker", "mine").With("n", 18)</c>. The value at the path is replaced, or
    /// added as the last field of its object together with missing parents. Every other byte stays as it is.
    /// </summary>
    /// <remarks>
    /// It looks through the bytes and copies them once, as the <c>set</c> filter does, which is many times cheaper than <see cref="Edit"/>.
    /// What changes much of a message in many steps, or needs to see all of it, is better off with the tree.
    /// </remarks>
    /// <param name="path">Names separated by dots; a name with a dot in it stands in double quotes; a number is an array's index.</param>
    /// <param name="value">The value; null is JSON's null.</param>
    /// <exception cref="MessageException">
    /// The payload is not a JSON object, or the field has no place in it: its parent is no object, an array has no such
    /// element, or it would be more than 64 levels deep.
    /// </exception>
    /// <exception cref="FormatException">The path is malformed.</exception>
    [SkipLocalsInit]
    public Message With(string path, string? value)
    {
        if (value is null) return WithRaw(path, "null"u8);

        var most = JsonText.MostBytes(value.Length);
        var rented = most > TextOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> text = rented ?? stackalloc byte[TextOnStack];
        try
        {
            return WithRaw(path, text[..JsonText.Quote(value, text)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="With(string, string)"/>
    public Message With(string path, bool value) => WithRaw(path, JsonScalar.Of(value));

    /// <inheritdoc cref="With(string, string)"/>
    public Message With(string path, long value) => WithScalar(path, value, JsonScalar.Write);

    /// <inheritdoc cref="With(string, string)"/>
    public Message With(string path, ulong value) => WithScalar(path, value, JsonScalar.Write);

    /// <inheritdoc cref="With(string, string)"/>
    /// <exception cref="MessageException">
    /// As of all others; also where the value is infinite or no number, which JSON has nothing for.
    /// </exception>
    public Message With(string path, double value) => WithScalar(path, value, JsonScalar.Write);

    /// <inheritdoc cref="With(string, string)"/>
    public Message With(string path, decimal value) => WithScalar(path, value, JsonScalar.Write);

    /// <inheritdoc cref="With(string, string)"/>
    /// <remarks>A time is written as in <c>"2020-01-02T03:04:05.6780000+00:00"</c>.</remarks>
    public Message With(string path, DateTimeOffset value) => WithScalar(path, value, JsonScalar.Write);

    /// <inheritdoc cref="With(string, string)"/>
    /// <remarks>A field of a message is copied as it stands there; one that is missing is null.</remarks>
    public Message With(string path, MessageField? value) => WithRaw(path, value is { IsNull: false } field ? field.Raw : "null"u8);

    /// <inheritdoc cref="With(string, string)"/>
    /// <remarks>An object, a list, or what else a tree can be; writing it costs more than all the rest.</remarks>
    public Message With(string path, JToken? value)
    {
        if (value is null) return WithRaw(path, "null"u8);
        var raw = JsonTree.Write(value);
        return JsonCheck.IsDocument(raw, out var problem) ? WithRaw(path, raw) : throw JsonEdit.NotSet(FieldPaths.Of(path), $"the value is no JSON: {problem}");
    }

    /// <summary>Does not compile: a text, in double quotes, is what is meant.</summary>
    [Obsolete(NoCharacters, error: true)]
    public Message With(string path, char value) => With(path, new string(value, 1));

    /// <summary>
    /// This message without one field, and without duplicates of its key; the same one where it has no such field. Every other byte stays as it
    /// is. It costs what <see cref="With(string, string)"/> costs.
    /// </summary>
    /// <param name="path">Names separated by dots; a name with a dot in it stands in double quotes; a number is an array's index.</param>
    /// <exception cref="MessageException">The payload is not a JSON object.</exception>
    /// <exception cref="FormatException">The path is malformed.</exception>
    public Message Without(string path)
    {
        var field = FieldPaths.Of(path);
        return JsonEdit.TryRemove(Editable, field, out var edited) ? WithJson(edited) : this;
    }

    /// <summary>
    /// This message with one field under another name or in another place; the same one where it has no such field. With a new name in the same object it keeps
    /// its place there; elsewhere it is set as by <see cref="With(string, string)"/>, which is also what this costs.
    /// </summary>
    /// <param name="from">Names separated by dots; a name with a dot in it stands in double quotes; a number is an array's index.</param>
    /// <param name="to">The new path, likewise. What is there is replaced.</param>
    /// <exception cref="MessageException">The payload is not a JSON object, or the field has no place at the new path.</exception>
    /// <exception cref="FormatException">A path is malformed.</exception>
    public Message Rename(string from, string to)
    {
        var (source, target) = (FieldPaths.Of(from), FieldPaths.Of(to));
        return JsonEdit.TryRename(Editable, source, target, out var edited) ? WithJson(edited) : this;
    }

    private ReadOnlySpan<byte> Editable => JsonEdit.ObjectOf(Payload.Span, Format);

    [SkipLocalsInit]
    private Message WithScalar<T>(string path, T value, JsonScalar.Writer<T> write)
    {
        Span<byte> text = stackalloc byte[JsonScalar.MostBytes];
        return WithRaw(path, text[..write(value, text)]);
    }

    private Message WithRaw(string path, ReadOnlySpan<byte> value)
    {
        var field = FieldPaths.Of(path);
        if (value.IsEmpty) throw JsonEdit.NotSet(field, "JSON has only finite numbers");
        return WithJson(JsonEdit.Set(Editable, field, value));
    }

    private Message WithJson(JsonSplice edited)
    {
        var payload = (_copies ??= new PayloadCopies()).Take(edited.Length);
        edited.WriteTo(payload.Span);
        return new Message(payload, _details.As(MessageFormat.Json));
    }
}
