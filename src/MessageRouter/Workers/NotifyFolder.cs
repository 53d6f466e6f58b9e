using System.Globalization;
using System.Net.Sockets;

namespace MessageRouter.Workers;

/// <summary>A folder of this node's own, which nobody else may look into, for the sockets at which its processes report.</summary>
internal sealed class NotifyFolder : IDisposable
{
    private readonly Lock _lock = new();
    private string? _path;
    private int _last;

    /// <summary>Called, once, with the path of the folder when there is one.</summary>
    public Action<string>? Made { get; init; }

    /// <summary>Opens a socket for one process of a group.</summary>
    /// <exception cref="WorkerStartException">That is not possible.</exception>
    public NotifySocket Open(WorkerGroupDefinition group)
    {
        try
        {
            lock (_lock)
            {
                if (_path is null)
                {
                    _path = Directory.CreateTempSubdirectory("message-router-").FullName;
                    Made?.Invoke(_path);
                }
                return new NotifySocket(Path.Combine(_path, (++_last).ToString(CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new WorkerStartException(group, $"there can be no socket for its heartbeats in `{Path.GetTempPath()}`: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_path is null) return;
            try
            {
                Directory.Delete(_path, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Whoever cleans the folder of temporary files was there first.
            }
            _path = null;
        }
    }
}
