using System.Collections.Concurrent;
using MessageRouter.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MessageRouter.Extensions.Logging;

/// <summary>Makes loggers that send to a node. Made by <c>AddMessageRouter</c>; options that change while the application runs take effect with the next event.</summary>
[ProviderAlias("MessageRouter")]
public sealed class MessageRouterLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, MessageRouterLogger> _loggers = new();
    private readonly IDisposable? _changes;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private volatile Sending _sending;

    /// <summary>Makes a provider, which begins to connect.</summary>
    /// <exception cref="OptionsValidationException">An option is wrong.</exception>
    public MessageRouterLoggerProvider(IOptionsMonitor<MessageRouterLoggerOptions> options)
        : this(options, TimeProvider.System)
    {
    }

    internal MessageRouterLoggerProvider(IOptionsMonitor<MessageRouterLoggerOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _sending = new Sending(options.CurrentValue, null);
        _changes = options.OnChange(Change);
    }

    /// <summary>What was sent and dropped since the options last changed.</summary>
    public MessageClientStatistics Statistics => _sending.Client.Statistics;

    internal IExternalScopeProvider? Scopes { get; private set; }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, category => new MessageRouterLogger(category, this, _clock));

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Sends what waits, within <see cref="MessageRouterLoggerOptions.Linger"/>.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        _changes?.Dispose();
        await _sending.Client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What is to be done with events now.</summary>
    internal Sending Now => _sending;

    private void Change(MessageRouterLoggerOptions options)
    {
        lock (_lock)
        {
            var last = _sending;
            _sending = new Sending(options, last);
            if (_sending.Client != last.Client) _ = last.Client.DisposeAsync().AsTask();
        }
    }

    /// <summary>Options, and the client that they ask for.</summary>
    internal sealed class Sending
    {
        private readonly MessageClientOptions _asked;
        private readonly string _endpoint;

        public Sending(MessageRouterLoggerOptions options, Sending? last)
        {
            Options = options;
            _asked = options.ForClient();
            _endpoint = options.Endpoint;
            Client = last is not null && last._endpoint == _endpoint && SameAs(last._asked) ? last.Client : new MessageClient(_endpoint, _asked);
        }

        public MessageRouterLoggerOptions Options { get; }

        public MessageClient Client { get; }

        public void Deconstruct(out MessageRouterLoggerOptions options, out MessageClient client) => (options, client) = (Options, Client);

        private bool SameAs(MessageClientOptions other) => _asked with { MoreEndpoints = other.MoreEndpoints } == other;
    }
}
