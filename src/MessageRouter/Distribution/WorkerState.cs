namespace MessageRouter.Distribution;

/// <summary>What a worker is at, as far as it can be told from here.</summary>
internal enum WorkerState
{
    /// <summary>Not there yet, or not again; or it has connected and not yet said what it can take.</summary>
    Connecting,

    /// <summary>It takes messages.</summary>
    Connected,

    /// <summary>It takes no more messages and finishes what it has.</summary>
    Leaving,

    /// <summary>Its connection has ended, and it will come back only as another worker.</summary>
    Gone,
}
