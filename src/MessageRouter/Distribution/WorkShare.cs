namespace MessageRouter.Distribution;

/// <summary>What a worker is given of messages that are divided.</summary>
internal readonly record struct WorkShare(Worker Worker, WorkRun Run);
