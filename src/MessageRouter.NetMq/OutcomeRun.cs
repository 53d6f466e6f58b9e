using MessageRouter.ZeroMq;
namespace MessageRouter.NetMq;

/// <summary>Says the same outcome of several messages in a row once.</summary>
internal struct OutcomeRun(ISenderSink sink)
{
    private int _count;
    private string? _reason;

    /// <summary>Counts one message.</summary>
    /// <param name="reason">Why it was dropped; null where it was sent.</param>
    public void Add(string? reason)
    {
        if (_reason != reason) Report();
        _reason = reason;
        _count++;
    }

    public void Report()
    {
        if (_count == 0) return;
        if (_reason is null) sink.Sent(_count);
        else sink.Dropped(_count, _reason);
        _count = 0;
    }
}
