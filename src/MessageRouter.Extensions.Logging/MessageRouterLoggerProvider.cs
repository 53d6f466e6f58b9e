using System.Collections.Concurrent;
using MessageRouter.Client;
using MessageRouter.Client.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MessageRouter.Extensions.Logging;

/// <summary>Makes loggers that send to a node. Made by <c>AddMessageRouter</c>; options that change while the application runs take effect with the next event.</summary>
[ProviderAlias("MessageRouter")]
public sealed class MessageRouterLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, MessageRouterLogger> _loggers = new();
    private readonly KeptOptionsFactory? _kept;
    private readonly IDisposable? _changes;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<MessageClient, Task> _closing = [];
    private volatile Sending _sending;
    private MessageClientStatistics _past = MessageClientStatistics.Of();
    private string? _refused;
    private bool _isDisposed;

    /// <summary>Makes a provider, which begins to connect.</summary>
    /// <exception cref="OptionsValidationException">An option is wrong.</exception>
    public MessageRouterLoggerProvider(IOptionsMonitor<MessageRouterLoggerOptions> options)
        : this(options, null, TimeProvider.System)
    {
    }

    internal MessageRouterLoggerProvider(IOptionsMonitor<MessageRouterLoggerOptions> options, KeptOptionsFactory? kept, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _sending = new Sending(options.CurrentValue, null);
        Watch(_sending.Client);
        _kept = kept;
        if (kept is not null) kept.Refused += Refuse;
        _changes = options.OnChange(Change);
    }

    /// <summary>Raised when the node cannot be reached, under the conditions of <see cref="MessageClient.ConnectionFailed"/>.</summary>
    public event EventHandler<ConnectionFailedEventArgs>? ConnectionFailed;

    /// <summary>
    /// Raised when options have changed to wrong ones: those from before stay in force, and a log event says so too. What handlers throw is ignored.
    /// </summary>
    public event EventHandler<OptionsRefusedEventArgs>? OptionsRefused;

    /// <summary>What was sent and dropped since the provider was made, with whatever options.</summary>
    public MessageClientStatistics Statistics
    {
        get
        {
            lock (_lock) return MessageClientStatistics.Of([_past, _sending.Client.Statistics, .. _closing.Keys.Select(client => client.Statistics)]);
        }
    }

    /// <summary>Why the node cannot be reached; null where it can be.</summary>
    public string? LastError => _sending.Client.LastError;

    internal IExternalScopeProvider? Scopes { get; private set; }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, category => new MessageRouterLogger(category, this, _clock));

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Sends what waits, within <see cref="MessageRouterLoggerOptions.Linger"/>.</summary>
    public void Dispose() => Closing.Wait(DisposeAsync(), Now.Options.Linger);

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        _changes?.Dispose();
        if (_kept is not null) _kept.Refused -= Refuse;
        Task[] closing;
        lock (_lock)
        {
            _isDisposed = true;
            closing = [.. _closing.Values];
        }
        var (options, client) = _sending;
        var others = Task.WhenAll(closing).WaitAsync(options.Linger, _clock);
        await client.DisposeAsync().ConfigureAwait(false);
        await others.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What is to be done with events now.</summary>
    internal Sending Now => _sending;

    private void Change(MessageRouterLoggerOptions options)
    {
        try
        {
            lock (_lock)
            {
                var last = _sending;
                if (_isDisposed) return;
                _sending = new Sending(options, last);
                if (options != last.Options) _refused = null;
                if (_sending.Client == last.Client) return;
                Watch(_sending.Client);
                last.Client.SendOn(_sending.Client);
                _closing[last.Client] = Task.CompletedTask;
                var closed = CloseAsync(last.Client);
                if (!closed.IsCompleted) _closing[last.Client] = closed;
            }
        }
        catch (Exception exception)
        {
            Refuse(exception);
        }
    }

    /// <summary>Closes the client of other options. What it has counted stays counted, and what it could not tell its successor tells.</summary>
    private async Task CloseAsync(MessageClient client)
    {
        await client.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _past = MessageClientStatistics.Of(_past, client.Statistics);
            _closing.Remove(client);
            _sending.Client.TellLossesOf(client);
        }
    }

    private void Watch(MessageClient client) => client.ConnectionFailed += (_, failed) => ConnectionFailed?.Invoke(this, failed);

    /// <summary>Says that options are wrong, once, and keeps those from before.</summary>
    private void Refuse(Exception exception)
    {
        var reason = exception is OptionsValidationException wrong ? string.Join(' ', wrong.Failures) : exception.Message;
        lock (_lock)
        {
            if (_isDisposed || _refused == reason) return;
            _refused = reason;
        }
        Refusals.Refused(CreateLogger(typeof(MessageRouterLoggerProvider).Namespace!), reason);
        try
        {
            OptionsRefused?.Invoke(this, new OptionsRefusedEventArgs(exception));
        }
        catch (Exception)
        {
            // As documented.
        }
    }

    /// <summary>Options, and the client that they ask for.</summary>
    internal sealed class Sending
    {
        private readonly MessageClientOptions _asked;
        private readonly string _endpoint;

        public Sending(MessageRouterLoggerOptions options, Sending? last)
        {
            if (new MessageRouterLoggerOptionsCheck().Validate(null, options) is { Failed: true, Failures: var failures })
                throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(MessageRouterLoggerOptions), failures);
            Options = options;
            _asked = options.ForClient();
            _endpoint = options.Endpoint;
            Client = last is not null && last._endpoint == _endpoint && SameAs(last._asked) ? last.Client : new MessageClient(_endpoint, _asked);
        }

        public MessageRouterLoggerOptions Options { get; }

        public MessageClient Client { get; }

        public void Deconstruct(out MessageRouterLoggerOptions options, out MessageClient client) => (options, client) = (Options, Client);

        private bool SameAs(MessageClientOptions other) => _asked.MoreEndpoints.SequenceEqual(other.MoreEndpoints) && _asked with { MoreEndpoints = other.MoreEndpoints } == other;
    }
}

/// <summary>What the provider itself logs.</summary>
internal static partial class Refusals
{
    [LoggerMessage(EventId = 1, EventName = "OptionsRefused", Level = LogLevel.Error, Message = "The options of MessageRouter's logging have become wrong and stay as they were: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);
}
