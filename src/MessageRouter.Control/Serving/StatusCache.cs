using MessageRouter.Monitoring;
using MessageRouter.Routing;

namespace MessageRouter.Control.Serving;

/// <summary>The status of a node as JSON, made anew only now and then however many ask.</summary>
internal sealed class StatusCache(RouterNode node)
{
    /// <summary>How old an answer may be.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _madeAt;
    private long _look;
    private NodeStatus? _status;
    private string? _json;

    public NodeStatus Status
    {
        get
        {
            lock (_lock) return Fresh();
        }
    }

    public string Json
    {
        get
        {
            lock (_lock)
            {
                var status = Fresh();
                return _json ??= status.ToJson();
            }
        }
    }

    private NodeStatus Fresh()
    {
        var look = node.History.Looks;
        if (_status is { } known && look == _look && TimeProvider.System.GetElapsedTime(_madeAt) < Freshness) return known;
        (_json, _look) = (null, look);
        _status = node.Status();
        _madeAt = TimeProvider.System.GetTimestamp();
        return _status;
    }
}
