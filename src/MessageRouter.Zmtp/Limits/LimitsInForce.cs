namespace MessageRouter.Zmtp.Limits;

/// <summary>The limits of a socket, which may change while it is open; all that have to do with it look here.</summary>
internal sealed class LimitsInForce(ZmtpLimits limits)
{
    private volatile ZmtpLimits _current = limits;

    public ZmtpLimits Current
    {
        get => _current;
        set => _current = value;
    }
}
