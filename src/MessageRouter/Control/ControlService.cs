using MessageRouter.Plugins;
using MessageRouter.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Control;

/// <summary>Opens a node's control endpoint before the node starts and closes it after it has stopped, so that both can be watched.</summary>
internal sealed class ControlService(RouterNode node, ILoggerFactory loggers, TimeProvider clock) : IHostedLifecycleService, IAsyncDisposable
{
    private IControlEndpoint? _endpoint;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.Definition.Control is not { Options: not null } control) return Task.CompletedTask;
        if (ExtensionPackage.Control.Plugin is not IBringsControl package)
            throw new ControlStartException($"it {ExtensionPackage.Control.Absence}", control.Origin, ExtensionPackage.Control.Cure);
        _ = node.History;
        _endpoint = package.Create(node, control, loggers, clock);
        _endpoint.Open();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _endpoint?.BeginWork();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _endpoint?.StopAsync() ?? Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Leaves no socket behind, for who does not wait until everything has stopped.</summary>
    public void Close() => _endpoint?.Close();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _endpoint, null) is { } endpoint) await endpoint.DisposeAsync();
    }
}
