using System.Net;
using System.Net.Sockets;
using MessageRouter.Control.Metrics;
using MessageRouter.Control.Serving;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Listening;

/// <summary>A node's control endpoint: its listeners, and the server behind them, which is made when somebody first calls.</summary>
internal sealed class ControlEndpoint : IControlEndpoint
{
    /// <summary>What a node's stop waits for its last metrics; who ends the process waits longer.</summary>
    private static readonly TimeSpan PushMoment = TimeSpan.FromMilliseconds(300);

    private readonly RouterNode _node;
    private readonly ControlDefinition _definition;
    private readonly ControlOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly Secrets _secrets;
    private readonly List<ControlListener> _listeners = [];
    private readonly Watchers _watchers;
    private readonly Lazy<Task<ControlServer?>> _server;
    private Task<OtlpPush?>? _push;
    private Task? _lastPush;

    public ControlEndpoint(RouterNode node, ControlDefinition definition, ILogger logger, TimeProvider clock)
    {
        _node = node;
        _definition = definition;
        _options = definition.Options!;
        _logger = logger;
        _clock = clock;
        _secrets = Secrets.Read(definition);
        _watchers = new Watchers(_listeners);
        _server = new Lazy<Task<ControlServer?>>(() => Task.Run(ServeAsync));
    }

    public void Open()
    {
        if (_options.HasSocket) OpenSocket();
        if (_options.Http is { } http) OpenHttp(http);
        _node.Watchers = () => _watchers.Status;
        foreach (var listener in _listeners) _ = listener.AcceptAsync(() => _ = _server.Value);
    }

    public void Close()
    {
        foreach (var listener in _listeners) listener.Dispose();
    }

    public void BeginWork()
    {
        if (_options.Otlp is { } otlp) _push = Task.Run(() => OtlpPush.Start(_node, otlp, _secrets.OtlpHeaders, _logger));
    }

    public async Task StopAsync()
    {
        Close();
        if (_node.HasHistory) _node.History.LookLast();
        _lastPush ??= _push is { } push ? PushLastAsync(push) : Task.CompletedTask;
        await Task.WhenAny(_lastPush, Task.Delay(PushMoment, TimeProvider.System));
        if (_server.IsValueCreated && await _server.Value is { } server) await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _lastPush!;
    }

    private static async Task PushLastAsync(Task<OtlpPush?> push)
    {
        if (await push is { } running) await running.EndAsync();
    }

    /// <remarks>The socket that nobody has asked for is no reason for a node not to run.</remarks>
    private void OpenSocket()
    {
        try
        {
            if (_options.Socket.Length > 0)
            {
                _listeners.Add(ControlListener.At(_options.Socket));
                return;
            }
            var folder = SocketFolder.Make(Environment.GetEnvironmentVariable);
            SocketFolder.Sweep(folder);
            _listeners.Add(ControlListener.At(SocketFolder.PathFor(folder, _node.Definition.Name, Environment.ProcessId)));
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (_options.Socket.Length > 0) throw new ControlStartException($"`{_options.Socket}`: {exception.Message}", _definition.PlaceOf("socket") ?? _definition.Origin, null, exception);
            ControlLog.NoSocket(_logger, exception.Message.TrimEnd('.'));
        }
    }

    private void OpenHttp(HttpControlOptions http)
    {
        _ = http.TryEndpoint(out var endpoint);
        try
        {
            var listener = ControlListener.At(endpoint, [.. http.AllowFrom.Select(IPNetwork.Parse)]);
            _listeners.Add(listener);
            ControlLog.Listening(_logger, $"{(http.Tls is null ? "http" : "https")}://{listener.EndPoint}/");
        }
        catch (SocketException exception)
        {
            Close();
            throw new ControlStartException($"`{http.Bind}`: {exception.Message}", _definition.PlaceOf("http.bind") ?? _definition.Origin, null, exception);
        }
    }

    private async Task<ControlServer?> ServeAsync()
    {
        try
        {
            return await ControlServer.StartAsync(_node, _options, _secrets, _listeners, _watchers, _clock, _logger);
        }
        catch (Exception exception)
        {
            // The node goes on without it.
            ControlLog.NotServed(_logger, exception);
            Close();
            return null;
        }
    }
}
