namespace MessageRouter.Client.Logging;

/// <summary>Waits for the end of what was begun, on the caller's thread.</summary>
internal static class Closing
{
    /// <summary>What closing may take beside the time to send what waits.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits no longer than that, also where all threads of the pool are busy, on which the rest of it runs: that goes on then.</summary>
    /// <param name="closing">What was begun.</param>
    /// <param name="linger">How long it may take to send what waits.</param>
    public static void Wait(ValueTask closing, TimeSpan linger)
    {
        var task = closing.AsTask();
        Task.WaitAny([task], linger + Allowance);
    }
}
