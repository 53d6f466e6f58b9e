using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration.InForce;

/// <summary>A block with every key of its options: what is written, and the defaults of what is not.</summary>
internal static class FilledBlock
{
    /// <param name="type">The options class.</param>
    /// <param name="written">The block as it is written; null where it is not.</param>
    /// <param name="below">A filled block whose values stand in place of the defaults.</param>
    public static IEnumerable<HoconField> Of(Type type, HoconObject? written, HoconObject? below = null)
    {
        var schema = OptionsSchema.Of(type);
        return schema.Keys.Select(key =>
            written is not null && OptionsBinder.TryGetValue(written, key.Name, out var field) ? field with { Value = Written(key, field.Value) }
            : below is not null && below.TryGet(key.Name, out var inherited) ? inherited
            : DefaultValue.Field(key.Name, Default(schema, key), ConfigOrigin.OfDefaults)).OfType<HoconField>();
    }

    private static HoconValue? Default(OptionsSchema schema, OptionKey key)
    {
        try
        {
            return DefaultValue.Of(schema.DefaultOf(key), ConfigOrigin.OfDefaults, key.IsByteSize);
        }
        catch (Exception) when (schema.Type.Assembly != typeof(FilledBlock).Assembly)
        {
            // The defaults of a plug-in's options come from the plug-in's code, which has had its checks; what it cannot tell is not shown.
            return null;
        }
    }

    private static HoconValue Written(OptionKey key, HoconValue value)
    {
        var type = Nullable.GetUnderlyingType(key.Type) ?? key.Type;
        if (OptionTypes.IsBlock(type)) return value is HoconObject block ? Block(type, block) : value;
        if (key.IsPath) return value is HoconScalar { Text.Length: > 0 } path && BesideFile.Of(path.Text, path.Span) is var full && Path.Exists(full) ? DefaultValue.Text(full, path.Span) : value;
        if (OptionTypes.ListItem(type) is not { } item) return Plain(value, type, key.IsByteSize);

        // One value stands for a list of one.
        IReadOnlyList<HoconValue> items = value is HoconScalar || !HoconConvert.TryArray(value, out var several, out _) ? [value] : several;
        return new HoconArray(value.Span, items.Select(each => OptionTypes.IsBlock(item) && each is HoconObject inner ? Block(item, inner) : Plain(each, item, key.IsByteSize)));
    }

    private static HoconObject Block(Type type, HoconObject written) => new(written.Span, Of(type, written));

    /// <summary>Of values that can be written in several ways the one that is usual, so that the same value is the same text.</summary>
    private static HoconValue Plain(HoconValue value, Type type, bool isByteSize) =>
        (isByteSize || type.IsEnum || type == typeof(bool) || type == typeof(TimeSpan)) && value is HoconScalar
        && ValueConverter.TryConvert(value, type, isByteSize, out var converted, (_, _) => { })
            ? DefaultValue.Of(converted, value.Span, isByteSize) ?? value
            : value;
}
