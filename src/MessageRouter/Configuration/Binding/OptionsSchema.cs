using System.Reflection;
using System.Runtime.CompilerServices;

namespace MessageRouter.Configuration.Binding;

/// <summary>
/// The keys of an options class: the parameters of its public constructor with the most of them, and every other
/// public property that can be set.
/// </summary>
internal sealed class OptionsSchema
{
    private static readonly ConditionalWeakTable<Type, OptionsSchema> Known = [];
    private readonly ConstructorInfo? _constructor;

    private OptionsSchema(Type type)
    {
        Type = type;
        _constructor = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).FirstOrDefault();
        var parameters = _constructor?.GetParameters() ?? [];
        Keys =
        [
            .. parameters.Select(OptionKey.Of),
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true } && parameters.All(parameter => parameter.Name != property.Name))
                .Select(OptionKey.Of),
        ];
    }

    public Type Type { get; }

    public IReadOnlyList<OptionKey> Keys { get; }

    public static OptionsSchema Of(Type type) => Known.GetValue(type, static type => new OptionsSchema(type));

    /// <summary>Makes the options; keys that have no value keep their defaults.</summary>
    public object Create(IReadOnlyDictionary<OptionKey, object?> values)
    {
        var arguments = Keys.Where(key => key.Parameter is not null)
            .Select(key => values.TryGetValue(key, out var value) ? value : key.Parameter!.DefaultValue)
            .ToArray();
        var instance = _constructor?.Invoke(arguments) ?? Activator.CreateInstance(Type, nonPublic: true)!;
        foreach (var (key, value) in values) key.Property?.SetValue(instance, value);
        return instance;
    }

    /// <summary>The value that a key has where the configuration does not name it; null for none.</summary>
    public object? DefaultOf(OptionKey key)
    {
        if (key.IsRequired) return null;
        if (key.Parameter is { } parameter) return parameter.DefaultValue;
        var required = Keys.Where(other => other.IsRequired && other.Parameter is not null).ToDictionary(other => other, _ => (object?)null);
        return key.Property!.GetValue(Create(required));
    }
}
