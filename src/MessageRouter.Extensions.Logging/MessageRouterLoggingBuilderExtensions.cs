using MessageRouter.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

// Where .NET has what is called on a logging builder, so that it is found without a `using`.
namespace Microsoft.Extensions.Logging;

/// <summary>Sends what is logged to a MessageRouter node.</summary>
public static class MessageRouterLoggingBuilderExtensions
{
    /// <summary>
    /// Sends what is logged to a node, as the section <c>Logging:MessageRouter</c> of the configuration says. The application never waits: what cannot be sent in time is
    /// dropped, counted and told.
    /// </summary>
    /// <exception cref="OptionsValidationException">When the first logger is made: an option is wrong.</exception>
    public static ILoggingBuilder AddMessageRouter(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConfiguration();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MessageRouterLoggerOptions>, MessageRouterLoggerOptionsCheck>());
        builder.Services.TryAddSingleton<IOptionsFactory<MessageRouterLoggerOptions>, KeptOptionsFactory>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, MessageRouterLoggerProvider>(Provider));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<MessageRouterLoggerOptions>, ConfiguredOptions>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IOptionsChangeTokenSource<MessageRouterLoggerOptions>, LoggerProviderOptionsChangeTokenSource<MessageRouterLoggerOptions, MessageRouterLoggerProvider>>());
        return builder;
    }

    private static MessageRouterLoggerProvider Provider(IServiceProvider services) => new(
        services.GetRequiredService<IOptionsMonitor<MessageRouterLoggerOptions>>(), services.GetRequiredService<IOptionsFactory<MessageRouterLoggerOptions>>() as KeptOptionsFactory,
        TimeProvider.System);

    /// <summary>The same, with options said here, as for other providers: what is said here goes before what the configuration says.</summary>
    /// <inheritdoc cref="AddMessageRouter(ILoggingBuilder)"/>
    public static ILoggingBuilder AddMessageRouter(this ILoggingBuilder builder, Action<MessageRouterLoggerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddMessageRouter();
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>The same with an endpoint and the defaults: <c>builder.Logging.AddMessageRouter("tcp://logs:5224")</c>.</summary>
    /// <inheritdoc cref="AddMessageRouter(ILoggingBuilder)"/>
    public static ILoggingBuilder AddMessageRouter(this ILoggingBuilder builder, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return builder.AddMessageRouter(options => options.Endpoint = endpoint);
    }
}
