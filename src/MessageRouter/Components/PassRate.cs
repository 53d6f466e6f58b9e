namespace MessageRouter.Components;

/// <summary>
/// How much of what came to a component it has let pass of late. Where that is little, what it lets pass would keep the memory of what it
/// did not: messages that came together share it, whether they come in one batch or one by one.
/// </summary>
internal struct PassRate
{
    /// <summary>Messages after which what was before counts half.</summary>
    private const int Window = 4096;

    private int _all;
    private int _passed;

    /// <summary>Notes what of some messages passes.</summary>
    /// <returns>These, as they should go on.</returns>
    public MessageBatch Pass(MessageBatch passed, int outOf)
    {
        _all += outOf;
        _passed += Math.Min(outOf, passed.Count);
        while (_all > Window)
        {
            _all /= 2;
            _passed /= 2;
        }
        return passed.Count > 0 && _passed < _all / 2 ? passed.Compacted() : passed;
    }
}
