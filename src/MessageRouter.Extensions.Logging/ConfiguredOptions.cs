using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// Reads the options from the provider's section. .NET's binder ends at the first value that it cannot read, says neither where that is nor what would be right, and takes no notice of a text where a list is to
/// be: here each of these is a problem of the options, and all are told at once.
/// </summary>
internal sealed class ConfiguredOptions(ILoggerProviderConfiguration<MessageRouterLoggerProvider> configuration) : IConfigureOptions<MessageRouterLoggerOptions>
{
    private delegate bool Parser<T>(string text, out T value);

    private static readonly Dictionary<string, Func<string, MessageRouterLoggerOptions, string?>> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(MessageRouterLoggerOptions.Endpoint)] = Text((options, value) => options.Endpoint = value),
        [nameof(MessageRouterLoggerOptions.Application)] = Text((options, value) => options.Application = value),
        [nameof(MessageRouterLoggerOptions.Socket)] = OneOf<Client.ClientSocket>((options, value) => options.Socket = value),
        [nameof(MessageRouterLoggerOptions.Shape)] = OneOf<Client.Logging.LogShape>((options, value) => options.Shape = value),
        [nameof(MessageRouterLoggerOptions.Overflow)] = OneOf<Client.ClientOverflow>((options, value) => options.Overflow = value),
        [nameof(MessageRouterLoggerOptions.IncludeScopes)] = Value<bool>(bool.TryParse, (options, value) => options.IncludeScopes = value, "true or false"),
        [nameof(MessageRouterLoggerOptions.TellLosses)] = Value<bool>(bool.TryParse, (options, value) => options.TellLosses = value, "true or false"),
        [nameof(MessageRouterLoggerOptions.Capacity)] = Value<int>(TryParse, (options, value) => options.Capacity = value, "a whole number, 2147483647 at most"),
        [nameof(MessageRouterLoggerOptions.CapacityBytes)] = Value<long>(TryParse, (options, value) => options.CapacityBytes = value, "a whole number of bytes"),
        [nameof(MessageRouterLoggerOptions.Linger)] = Value<TimeSpan>(TryParse, (options, value) => options.Linger = value, "a time such as 00:00:05, which is five seconds"),
    };

    public void Configure(MessageRouterLoggerOptions options)
    {
        foreach (var setting in configuration.Configuration.GetChildren())
        {
            var problem = nameof(MessageRouterLoggerOptions.MoreEndpoints).Equals(setting.Key, StringComparison.OrdinalIgnoreCase) ? ReadEndpoints(setting, options) : Read(setting, options);
            if (problem is not null) options.Unread.Add($"{setting.Key} {problem}");
        }
    }

    private static string? Read(IConfigurationSection setting, MessageRouterLoggerOptions options)
    {
        if (!Values.TryGetValue(setting.Key, out var read)) return null;
        if (setting.Value is { } text) return read(text, options);
        return setting.GetChildren().Any() ? "must be one value, not several" : null;
    }

    private static string? ReadEndpoints(IConfigurationSection setting, MessageRouterLoggerOptions options)
    {
        // A list that is empty is an empty text.
        if (!string.IsNullOrEmpty(setting.Value)) return $"\"{setting.Value}\" must be a list, as in [\"tcp://logs2:5224\"], or {setting.Key}:0 where each value has a name of its own";
        foreach (var endpoint in setting.GetChildren()) options.MoreEndpoints.Add(endpoint.Value ?? "");
        return null;
    }

    private static Func<string, MessageRouterLoggerOptions, string?> Text(Action<MessageRouterLoggerOptions, string> set) => (text, options) =>
    {
        set(options, text);
        return null;
    };

    private static Func<string, MessageRouterLoggerOptions, string?> OneOf<T>(Action<MessageRouterLoggerOptions, T> set)
        where T : struct, Enum => Value<T>((string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value), set, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    private static Func<string, MessageRouterLoggerOptions, string?> Value<T>(Parser<T> parse, Action<MessageRouterLoggerOptions, T> set, string wanted) => (text, options) =>
    {
        if (!parse(text, out var value)) return $"must be {wanted}, not \"{text}\"";
        set(options, value);
        return null;
    };

    private static bool TryParse<T>(string text, out T value)
        where T : struct, ISpanParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out value);
}
