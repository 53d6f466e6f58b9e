using System.Collections;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Configuration.Binding;

/// <summary>The types that keys may have.</summary>
internal static class OptionTypes
{
    /// <summary>For people.</summary>
    public const string Names =
        "string, bool, numbers, enums, TimeSpan, Uri, JToken, lists, sets and dictionaries by string of these, classes with keys of their own, and lists of such";

    /// <summary>Whole numbers, with the least and the greatest of each type.</summary>
    public static readonly IReadOnlyDictionary<Type, (decimal Least, decimal Greatest)> WholeNumbers = new Dictionary<Type, (decimal, decimal)>
    {
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = (int.MinValue, int.MaxValue),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue),
        [typeof(long)] = (long.MinValue, long.MaxValue),
        [typeof(ulong)] = (ulong.MinValue, ulong.MaxValue),
    };

    private static readonly HashSet<Type> OtherScalars =
        [typeof(string), typeof(bool), typeof(TimeSpan), typeof(Uri), typeof(float), typeof(double), typeof(decimal)];

    /// <summary>Whether the type is an options class of its own, written as a block.</summary>
    public static bool IsBlock(Type type) =>
        type.IsClass && !type.IsAbstract && !OtherScalars.Contains(type) && !type.IsAssignableTo(typeof(IEnumerable))
        && !type.IsAssignableTo(typeof(JToken)) && !type.IsAssignableTo(typeof(Delegate));

    /// <summary>What a list, an array or a set consists of; null for all others.</summary>
    public static Type? ListItem(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var item] && (Takes(type, typeof(List<>), item) || Takes(type, typeof(HashSet<>), item)) ? item
        : null;

    /// <summary>What a dictionary by text consists of; null for all others.</summary>
    public static Type? MapItem(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var key, var item] && key == typeof(string) && Takes(type, typeof(Dictionary<,>), key, item) ? item
        : null;

    /// <summary>A list, an array or a set, whatever the type asks for, of these items.</summary>
    public static object ListOf(Type type, Type item, IReadOnlyList<object?> values)
    {
        var items = Array.CreateInstance(item, values.Count);
        for (var i = 0; i < values.Count; i++) items.SetValue(values[i], i);
        if (type.IsArray) return items;
        var made = Takes(type, typeof(List<>), item) ? typeof(List<>) : typeof(HashSet<>);
        return Activator.CreateInstance(made.MakeGenericType(item), [items])!;
    }

    /// <summary>What stands for a value that is missing while the others are checked; there is none for every type.</summary>
    public static bool TryEmpty(Type type, out object? empty)
    {
        empty = type == typeof(string) ? ""
            : Nullable.GetUnderlyingType(type) is not null ? null
            : type.IsValueType ? Activator.CreateInstance(type)
            : ListItem(type) is { } item ? ListOf(type, item, [])
            : MapItem(type) is { } mapped ? Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), mapped))
            : null;
        return empty is not null || Nullable.GetUnderlyingType(type) is not null;
    }

    /// <summary>The first key, in the options or a block within them, that nothing in a configuration can be read as; null where there is none.</summary>
    public static (Type Options, OptionKey Key)? FirstUnreadable(Type options) => FirstUnreadable(options, []);

    private static (Type Options, OptionKey Key)? FirstUnreadable(Type options, HashSet<Type> seen)
    {
        if (!seen.Add(options)) return null;
        foreach (var key in OptionsSchema.Of(options).Keys)
        {
            var type = Nullable.GetUnderlyingType(key.Type) ?? key.Type;
            var block = ListItem(type) is { } item && IsBlock(item) ? item : type;
            if (IsBlock(block))
            {
                if (FirstUnreadable(block, seen) is { } within) return within;
            }
            else if (!IsValue(type))
            {
                return (options, key);
            }
        }
        return null;
    }

    private static bool IsValue(Type type)
    {
        if ((ListItem(type) ?? MapItem(type)) is { } item) return IsValue(item);
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type == typeof(JToken) || OtherScalars.Contains(type) || WholeNumbers.ContainsKey(type);
    }

    private static bool Takes(Type type, Type made, params Type[] arguments) => type.IsAssignableFrom(made.MakeGenericType(arguments));
}
