using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace MessageRouter.Extensions.Logging;

/// <summary>
/// Makes the options as .NET does, and keeps the last good ones: what is wrong at the start ends it, but a configuration that becomes wrong while the application runs must not throw into
/// whoever has it read again.
/// </summary>
internal sealed class KeptOptionsFactory(
    IEnumerable<IConfigureOptions<MessageRouterLoggerOptions>> setups, IEnumerable<IPostConfigureOptions<MessageRouterLoggerOptions>> lastSetups,
    IEnumerable<IValidateOptions<MessageRouterLoggerOptions>> checks) : IOptionsFactory<MessageRouterLoggerOptions>
{
    private readonly OptionsFactory<MessageRouterLoggerOptions> _factory = new(setups, lastSetups, checks);
    private readonly ConcurrentDictionary<string, MessageRouterLoggerOptions> _good = new();

    /// <summary>Raised when options are wrong and the last good ones are kept.</summary>
    public event Action<Exception>? Refused;

    public MessageRouterLoggerOptions Create(string name)
    {
        try
        {
            return _good[name] = _factory.Create(name);
        }
        catch (Exception exception) when (_good.TryGetValue(name, out _))
        {
            Refused?.Invoke(exception);
            return _good[name];
        }
    }
}

/// <summary>Options have changed to wrong ones, and stay as they were.</summary>
/// <param name="exception">What is wrong.</param>
public sealed class OptionsRefusedEventArgs(Exception exception) : EventArgs
{
    /// <summary>What is wrong: an <see cref="OptionsValidationException"/>, or what was thrown when the configuration was read.</summary>
    public Exception Exception { get; } = exception;
}
