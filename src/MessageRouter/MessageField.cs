using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter;

/// <summary>
/// One field of a JSON message, as <c>message["level"]</c> gives it; null where the message has no such field. It is
/// compared over the bytes: <c>message["level"] == "error"</c>, <c>message["status"] &gt;= 500</c>, <c>message["retry"] == true</c>.
/// </summary>
/// <remarks>
/// A comparison looks at the value as JSON has it: the number 5 is not the text "5". Where the field is missing, or is of
/// another kind than what it is compared with, every comparison is false but <c>!=</c>, which is always the opposite of <c>==</c>.
/// Equal to null is what is missing and what is null in JSON.
/// </remarks>
public readonly struct MessageField : IEquatable<MessageField>
{
    private const int CompareOnStack = 256;

    /// <summary>Without overloads of their own, characters would be compared as the numbers that they have.</summary>
    private const string NoCharacters = "A field is compared with a text, in double quotes, not with a character";

    private readonly ReadOnlyMemory<byte> _raw;
    private readonly JsonTokenType _kind;

    internal MessageField(ReadOnlyMemory<byte> document, JsonSlice slice)
    {
        _raw = document.Slice(slice.Start, slice.Length);
        _kind = slice.Kind;
    }

    /// <summary>The value as a tree; each call returns one of its own.</summary>
    public JToken ToJson() => IsDefault ? JValue.CreateNull() : JsonTree.Parse(Raw);

    /// <summary>The text of a string, the JSON of everything else.</summary>
    public override string ToString() => new JsonSlice(0, _raw.Length, _kind).GetText(Raw);

    /// <summary>Whether both are the same value.</summary>
    public bool Equals(MessageField other) => JToken.DeepEquals(ToJson(), other.ToJson());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj switch
    {
        MessageField other => Equals(other),
        string text => this == text,
        bool flag => this == flag,
        int number => this == number,
        long number => this == number,
        double number => this == number,
        JToken token => JToken.DeepEquals(ToJson(), token),
        _ => false,
    };

    /// <inheritdoc/>
    public override int GetHashCode() => new JTokenEqualityComparer().GetHashCode(ToJson());

    /// <summary>Whether it is a string with this text.</summary>
    public static bool operator ==(MessageField? left, string? right) =>
        right is null ? left is not { } field || field.IsNull : left is { } compared && compared.IsText(right);

    /// <summary>Whether it is anything but a string with this text.</summary>
    public static bool operator !=(MessageField? left, string? right) => !(left == right);

    /// <summary>Whether it is this number.</summary>
    public static bool operator ==(MessageField? left, long right) => Compare(left, right) == 0;

    /// <summary>Whether it is anything but this number.</summary>
    public static bool operator !=(MessageField? left, long right) => !(left == right);

    /// <summary>Whether it is this number.</summary>
    public static bool operator ==(MessageField? left, double right) => Compare(left, right) == 0;

    /// <summary>Whether it is anything but this number.</summary>
    public static bool operator !=(MessageField? left, double right) => !(left == right);

    /// <summary>Whether it is true, or false.</summary>
    public static bool operator ==(MessageField? left, bool right) =>
        left is { } field && field._kind == (right ? JsonTokenType.True : JsonTokenType.False);

    /// <summary>Whether it is anything but true, or false.</summary>
    public static bool operator !=(MessageField? left, bool right) => !(left == right);

    /// <summary>Does not compile: a text, in double quotes, is what is meant.</summary>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator ==(MessageField? left, char right) => left == new string(right, 1);

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator !=(MessageField? left, char right) => left != new string(right, 1);

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator ==(char left, MessageField? right) => right == new string(left, 1);

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator !=(char left, MessageField? right) => right != new string(left, 1);

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator >(MessageField? left, char right) => false;

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator <(MessageField? left, char right) => false;

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator >=(MessageField? left, char right) => false;

    /// <inheritdoc cref="op_Equality(MessageField?, char)"/>
    [Obsolete(NoCharacters, error: true)]
    public static bool operator <=(MessageField? left, char right) => false;

    // An overload for two fields would make `message["a"] == null` ambiguous; beside this one, that for strings is the better one.
    /// <summary>Whether both are the same value; two missing fields are equal, as two nulls are.</summary>
    public static bool operator ==(object? left, MessageField? right) =>
        left is null ? right == (string?)null : right is { } field && field.Equals(left);

    /// <summary>Whether they are different values.</summary>
    public static bool operator !=(object? left, MessageField? right) => !(left == right);

    /// <summary>Whether it is a larger number.</summary>
    public static bool operator >(MessageField? left, long right) => Compare(left, right) > 0;

    /// <summary>Whether it is a smaller number.</summary>
    public static bool operator <(MessageField? left, long right) => Compare(left, right) < 0;

    /// <summary>Whether it is a number that is not smaller.</summary>
    public static bool operator >=(MessageField? left, long right) => Compare(left, right) >= 0;

    /// <summary>Whether it is a number that is not larger.</summary>
    public static bool operator <=(MessageField? left, long right) => Compare(left, right) <= 0;

    /// <summary>Whether it is a larger number.</summary>
    public static bool operator >(MessageField? left, double right) => Compare(left, right) > 0;

    /// <summary>Whether it is a smaller number.</summary>
    public static bool operator <(MessageField? left, double right) => Compare(left, right) < 0;

    /// <summary>Whether it is a number that is not smaller.</summary>
    public static bool operator >=(MessageField? left, double right) => Compare(left, right) >= 0;

    /// <summary>Whether it is a number that is not larger.</summary>
    public static bool operator <=(MessageField? left, double right) => Compare(left, right) <= 0;

    /// <summary>A value to be compared with a field, as by the assertions of a test; likewise for numbers and truth values.</summary>
    public static implicit operator MessageField(string value) => Of(new JValue(value));

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static implicit operator MessageField(long value) => Of(new JValue(value));

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static implicit operator MessageField(double value) => Of(new JValue(value));

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static implicit operator MessageField(bool value) => Of(new JValue(value));

    /// <summary>The value as a tree, null where the field is missing.</summary>
    public static implicit operator JToken?(MessageField? field) => field?.ToJson();

    /// <summary>The value as text, null where the field is missing or null.</summary>
    public static explicit operator string?(MessageField? field) => field is { IsString: true } text ? text.ToString() : (string?)field?.ToJson();

    /// <summary>The value as a truth value.</summary>
    public static explicit operator bool(MessageField? field) => field?.Truth ?? (bool)Existing(field);

    /// <summary>The value as a truth value, null where the field is missing or null.</summary>
    public static explicit operator bool?(MessageField? field) => field?.Truth ?? (bool?)field?.ToJson();

    /// <summary>The value as a number.</summary>
    public static explicit operator int(MessageField? field) => field?.Integer is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : (int)Existing(field);

    /// <summary>The value as a number, null where the field is missing or null.</summary>
    public static explicit operator int?(MessageField? field) => field is { IsNull: false } ? (int)field : null;

    /// <summary>The value as a number.</summary>
    public static explicit operator long(MessageField? field) => field?.Integer ?? (long)Existing(field);

    /// <summary>The value as a number, null where the field is missing or null.</summary>
    public static explicit operator long?(MessageField? field) => field is { IsNull: false } ? (long)field : null;

    /// <summary>The value as a number.</summary>
    public static explicit operator double(MessageField? field) => field?.Number is { } number && double.IsFinite(number) ? number : (double)Existing(field);

    /// <summary>The value as a number, null where the field is missing or null.</summary>
    public static explicit operator double?(MessageField? field) => field is { IsNull: false } ? (double)field : null;

    internal bool IsString => _kind == JsonTokenType.String;

    internal ReadOnlySpan<byte> Raw => _raw.Span;

    // A field that was not read from a message, as `default`, is one that is null.
    internal bool IsNull => _kind is JsonTokenType.Null or JsonTokenType.None;

    private bool IsDefault => _kind == JsonTokenType.None;

    private bool? Truth => _kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    /// <summary>The value as a number without a fraction; null where it is none, or not written as one.</summary>
    private long? Integer =>
        _kind == JsonTokenType.Number && Utf8Parser.TryParse(Raw, out long value, out var read) && read == _raw.Length ? value : null;

    private double? Number =>
        _kind == JsonTokenType.Number && Utf8Parser.TryParse(Raw, out double value, out var read) && read == _raw.Length ? value : null;

    private static MessageField Of(JValue value)
    {
        var document = JsonTree.Write(value);
        return new MessageField(document, JsonCursor.Root(document));
    }

    private static JToken Existing(MessageField? field) =>
        field?.ToJson() ?? throw new MessageException("The message lacks a field that is needed as a value.");

    private static int? Compare(MessageField? field, long number) =>
        field?.Integer is { } value ? value.CompareTo(number) : Compare(field, (double)number);

    private static int? Compare(MessageField? field, double number) =>
        double.IsNaN(number) ? null : field?.Number?.CompareTo(number);

    private bool IsText(string text)
    {
        if (!IsString) return false;
        var content = Raw[1..^1];

        // No text takes fewer bytes than it has characters, and what is escaped takes more.
        if (content.Length < text.Length) return false;
        if (content.Length == text.Length) return Ascii.Equals(content, text) && !content.Contains((byte)'\\');
        if (!content.Contains((byte)'\\') && Ascii.IsValid(text)) return false;

        var room = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = room <= CompareOnStack ? stackalloc byte[CompareOnStack] : new byte[room];
        return JsonEscapes.TextEquals(content, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }
}
