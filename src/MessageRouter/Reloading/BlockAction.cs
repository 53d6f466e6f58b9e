namespace MessageRouter.Reloading;

/// <summary>What a reload does with one block of the configuration.</summary>
public enum BlockAction
{
    /// <summary>Nothing: the same actor, mailbox, connections and counts.</summary>
    Untouched,

    /// <summary>The component takes what has changed while it works; it keeps its connections. So do a pool and a group of processes of which some are started again that had been given up, also where nothing has changed.</summary>
    ChangedInPlace,

    /// <summary>Another component takes its place: it is made ready, takes the mailbox over with what waits there, and begins when the old one has finished what it had in hand. So is what had been stopped, also where nothing of it has changed.</summary>
    Replaced,

    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It gets nothing more, finishes what it has, and ends. Its counts stay in the ledger.</summary>
    Removed,
}
