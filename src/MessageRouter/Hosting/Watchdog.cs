using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using MessageRouter.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Hosting;

/// <summary>
/// Tells whoever has started this process and asks for it, another node or systemd, that it is alive: as long as the actor
/// system answers, for which it needs threads of the pool, <c>WATCHDOG=1</c> goes to the socket that NOTIFY_SOCKET names.
/// </summary>
internal sealed partial class Watchdog(ActorSystem system, TimeProvider clock, ILogger logger, Func<string, string?> environment) : IHostedService, IDisposable
{
    /// <summary>Signs within the time in which one is expected.</summary>
    private const int SignsInTime = 3;

    private static readonly byte[] Sign = "WATCHDOG=1"u8.ToArray();

    private readonly CancellationTokenSource _stopping = new();
    private bool _failed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Socket() is { } socket && Period() is { } period) _ = GiveSignsAsync(socket, period / SignsInTime);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    private string? Socket() => environment(NotifySocket.PathVariable) switch
    {
        ['/', ..] path => path,

        // A name that is no file's.
        ['@', .. var name] => "\0" + name,
        _ => null,
    };

    private TimeSpan? Period()
    {
        var isMeant = environment(NotifySocket.ProcessVariable) is not { Length: > 0 } process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isMeant && long.TryParse(environment(NotifySocket.PeriodVariable), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private async Task GiveSignsAsync(string path, TimeSpan pause)
    {
        // What does not come through is no reason to wait: the next one is soon.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        var target = new UnixDomainSocketEndPoint(path);
        try
        {
            while (true)
            {
                await system.ActorSelection("/user/router").Ask<ActorIdentity>(new Identify(1), Timeout.InfiniteTimeSpan, _stopping.Token);
                Give(socket, target);
                await Task.Delay(pause, clock, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The node has stopped.
        }
    }

    private void Give(Socket socket, UnixDomainSocketEndPoint target)
    {
        try
        {
            socket.SendTo(Sign, target);
            _failed = false;
        }
        catch (SocketException exception)
        {
            if (!_failed) NotTold(logger, exception.Message);
            _failed = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever has started this node cannot be told that it is alive: {Problem}.")]
    private static partial void NotTold(ILogger logger, string problem);
}
