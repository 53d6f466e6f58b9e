namespace MessageRouter.Pools;

/// <summary>What one copy of a pooled filter is at.</summary>
internal enum PoolCopyState
{
    /// <summary>Not open yet for the first time; it has no messages.</summary>
    Starting,

    /// <summary>At work, or waiting for its restart.</summary>
    Running,

    /// <summary>It keeps failing: it has no messages until it has opened again.</summary>
    SetAside,

    /// <summary>It has failed, and its policy is to stop; its actor is ending.</summary>
    Failed,

    /// <summary>Stopped for good by its policy.</summary>
    Stopped,

    /// <summary>The pool has become smaller: it finishes what it has.</summary>
    Ending,

    /// <summary>It has ended, until the pool grows again.</summary>
    Ended,
}
