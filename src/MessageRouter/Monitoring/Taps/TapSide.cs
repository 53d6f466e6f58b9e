namespace MessageRouter.Monitoring.Taps;

/// <summary>Where at a component messages are looked at.</summary>
[Flags]
internal enum TapSide
{
    /// <summary>What is offered to it, whether its mailbox takes it or not.</summary>
    In = 1,

    /// <summary>What goes on to its targets; of an output what it has delivered, or given to a peer.</summary>
    Out = 2,

    /// <summary>What is dropped, with the reason.</summary>
    Dropped = 4,

    /// <summary>What failed in it, or could not be read or written, with the problem.</summary>
    Failed = 8,
}
