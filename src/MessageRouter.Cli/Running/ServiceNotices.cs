using System.Globalization;
using System.Net.Sockets;
using MessageRouter.Monitoring;
using MessageRouter.Routing;
using Microsoft.Extensions.Hosting.Systemd;

namespace MessageRouter.Cli.Running;

/// <summary>
/// Tells systemd, or whoever else has started the process and asks for it, that the node is ready or stops, and in a line of rates what it is at
/// (sd_notify(3)). That it is alive is said by the node itself.
/// </summary>
internal sealed class ServiceNotices : IDisposable
{
    /// <summary>Looks at the counters, one a second, between two lines.</summary>
    private const int Pause = 5;

    private readonly RouterNode _node;
    private readonly SystemdNotifier _manager = new();
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private bool _isStopping;
    private int _looks;

    private ServiceNotices(RouterNode node) => _node = node;

    /// <returns>Null where nobody asks for them.</returns>
    public static ServiceNotices? Of(RouterNode node, Func<string, string?> environment) =>
        environment("NOTIFY_SOCKET") is { Length: > 0 } ? new ServiceNotices(node) : null;

    public void Ready()
    {
        Send(ServiceState.Ready);
        _node.History.Sampled += Look;
    }

    public void Stopping()
    {
        lock (_lock) _isStopping = true;
        Send(ServiceState.Stopping);
    }

    public void Dispose() => _node.History.Sampled -= Look;

    /// <summary>What a node is at, in one line.</summary>
    public static string Line(NodeStatus status)
    {
        var inputs = status.Components.Where(component => component.Role == "input").Sum(component => component.InRate.TenSeconds);
        var outputs = status.Components.Where(component => component is { Role: "output", Name: not "errors" }).Sum(component => component.OutRate.TenSeconds);
        var dropped = status.Components.SelectMany(component => component.DroppedRate.Values).Sum(rates => rates.TenSeconds);
        var failed = status.Components.Sum(component => component.FailedRate.TenSeconds);
        var waiting = status.Components.Sum(component => component.Queued);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(status.State == "draining" ? $"Draining, waits for {status.DrainsWaitingFor}" : "Running")}: in {inputs:0.#}/s, out {outputs:0.#}/s, dropped {dropped:0.#}/s, failed {failed:0.#}/s, waiting {waiting}");
    }

    private void Look()
    {
        bool isStopping;
        lock (_lock) isStopping = _isStopping;
        if (isStopping || _looks++ % Pause == 0) Send(new ServiceState($"STATUS={Line(_node.Status())}"));
    }

    /// <summary>In order, and never on the caller's thread: whoever should read it may not.</summary>
    private void Send(ServiceState state)
    {
        lock (_lock)
        {
            _last = _last.ContinueWith(
                _ =>
                {
                    try
                    {
                        _manager.Notify(state);
                    }
                    catch (SocketException)
                    {
                        // Nobody is there any more; the node's own signs of life say so once.
                    }
                },
                TaskScheduler.Default);
        }
    }
}
