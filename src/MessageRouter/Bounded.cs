namespace MessageRouter;

/// <summary>Does what may never come back, such as writing to a pipe.</summary>
internal static class Bounded
{
    /// <summary>Does it on a thread of its own, and waits for it for a limited time.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="limit">How long it is waited for; infinite for ever.</param>
    /// <param name="patience">When <paramref name="late"/> is called, where it is not done by then.</param>
    /// <param name="late">Says that it is still waited for.</param>
    /// <returns>Whether it was done.</returns>
    public static bool Run(Action action, TimeSpan limit, TimeSpan patience = default, Action? late = null)
    {
        var thread = new Thread(() => action()) { IsBackground = true, Name = "bounded" };
        thread.Start();
        if (late is not null)
        {
            if (thread.Join(patience)) return true;
            late();
        }
        return thread.Join(limit);
    }
}
