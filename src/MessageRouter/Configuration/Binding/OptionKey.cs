using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using MessageRouter.Components;

namespace MessageRouter.Configuration.Binding;

/// <summary>One key that a block of the configuration may have: a property, or a constructor's parameter, of its options.</summary>
internal sealed record OptionKey
{
    public required string Name { get; init; }

    public required Type Type { get; init; }

    public required bool IsRequired { get; init; }

    public required bool IsByteSize { get; init; }

    /// <summary>Whether the component takes another value while it works.</summary>
    public bool IsLive { get; init; }

    /// <summary>Whether it names what lies beside the file in which it stands.</summary>
    public bool IsPath { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The constructor's parameter that takes the value; null where <see cref="Property"/> does.</summary>
    public ParameterInfo? Parameter { get; init; }

    public PropertyInfo? Property { get; init; }

    /// <summary><c>SubscribeDelay</c> is written <c>subscribe-delay</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }

    public static OptionKey Of(PropertyInfo property) => new()
    {
        Name = Kebab(property.Name),
        Type = property.PropertyType,
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute)),
        IsByteSize = property.IsDefined(typeof(ByteSizeAttribute)),
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
        Property = property,
        IsLive = property.IsDefined(typeof(LiveAttribute)),
        IsPath = property.IsDefined(typeof(FilePathAttribute)),
    };

    /// <summary>The value that it has in an instance of the options.</summary>
    public object? ValueIn(object options) => (Property ?? options.GetType().GetProperty(Parameter!.Name!))?.GetValue(options);

    public static OptionKey Of(ParameterInfo parameter) => new()
    {
        Name = Kebab(parameter.Name!),
        Type = parameter.ParameterType,
        IsRequired = !parameter.HasDefaultValue,
        IsByteSize = parameter.IsDefined(typeof(ByteSizeAttribute)),
        Description = parameter.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
        Parameter = parameter,
        IsLive = parameter.IsDefined(typeof(LiveAttribute)),
    };
}
