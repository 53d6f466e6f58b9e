namespace MessageRouter;

/// <summary>Does what may never come back, such as writing to a pipe.</summary>
internal static class Bounded
{
    /// <summary>Does it on a thread of its own, and waits for it for a limited time.</summary>
    /// <returns>Whether it was done.</returns>
    public static bool Run(Action action, TimeSpan limit)
    {
        var thread = new Thread(() => action()) { IsBackground = true, Name = "bounded" };
        thread.Start();
        return thread.Join(limit);
    }
}
