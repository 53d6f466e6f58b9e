namespace MessageRouter.Distribution;

/// <summary>What a message has to do after something was heard of it.</summary>
internal enum Verdict
{
    /// <summary>Nothing: it is at another worker, in the backlog, or at its end already.</summary>
    None,

    /// <summary>It is done with.</summary>
    Done,

    /// <summary>It goes to a worker again.</summary>
    Again,

    /// <summary>It has failed too often.</summary>
    GivenUp,
}
