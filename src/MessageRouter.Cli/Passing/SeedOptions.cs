using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Cli.Passing;

/// <summary>Message::Passing's option names, which have underscores and no units, and what they are called here.</summary>
internal static class SeedOptions
{
    private static readonly Dictionary<(string Type, string Option), (string Key, Func<HoconScalar, HoconScalar> Convert)> Known = new()
    {
        [("zeromq", "socket_bind")] = ("bind", Same),
        [("zeromq", "socket_type")] = ("socket-type", Same),
        [("zeromq", "socket_hwm")] = ("high-water-mark", Same),
        [("zeromq", "subscribe_delay")] = ("subscribe-delay", Seconds),
        [("file", "filename")] = ("path", Same),
        [("file", "append")] = ("append", Flag),
        [("delay", "delay_for")] = ("delay", Seconds),
    };

    /// <summary>An option as a key of a component's block.</summary>
    /// <param name="option">As it was given, in the original's words or in ours.</param>
    /// <param name="type">The component; null where it is a plug-in's.</param>
    public static HoconField Translate(HoconField option, ComponentType? type)
    {
        if (type is not null && Known.TryGetValue((type.Name, option.Key), out var ours))
            return option with { Key = ours.Key, Value = Convert(option.Value, ours.Convert) };

        // Where the other spelling is not known either, the error names what was typed.
        var kebab = option.Key.Replace('_', '-');
        return type is null || KeysOf(type).Contains(kebab) ? option with { Key = kebab } : option;
    }

    private static IEnumerable<string> KeysOf(ComponentType type) =>
        type.OptionsType is { } options ? OptionsSchema.Of(options).Keys.Select(key => key.Name) : [];

    private static HoconValue Convert(HoconValue value, Func<HoconScalar, HoconScalar> convert) =>
        value is HoconScalar { Kind: not HoconScalarKind.Null } scalar ? convert(scalar) : value;

    private static HoconScalar Same(HoconScalar scalar) => scalar;

    /// <summary>A number without a unit is seconds; here it would be milliseconds.</summary>
    private static HoconScalar Seconds(HoconScalar scalar) =>
        HoconQuantity.IsNumber(scalar.Text) ? new HoconScalar(scalar.Span, scalar.Text.Trim() + "s", HoconScalarKind.String) : scalar;

    /// <summary>Perl says 1 and 0.</summary>
    private static HoconScalar Flag(HoconScalar scalar) => scalar.Text switch
    {
        "1" => new HoconScalar(scalar.Span, "true", HoconScalarKind.Boolean),
        "0" or "" => new HoconScalar(scalar.Span, "false", HoconScalarKind.Boolean),
        _ => scalar,
    };
}
