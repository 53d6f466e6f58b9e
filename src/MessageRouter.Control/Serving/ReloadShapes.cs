using MessageRouter.Reloading;

namespace MessageRouter.Control.Serving;

/// <summary>What is asked of a reload.</summary>
/// <param name="Files">Absolute paths of files and folders on the node's machine; those that it was started with where there are none.</param>
/// <param name="Plan">Whether nothing is to be done yet.</param>
/// <param name="Expect">The id of the plan that is to be carried out; nothing is done where it is another one by now.</param>
internal sealed record ReloadRequest(IReadOnlyList<string>? Files = null, bool Plan = false, string? Expect = null);

/// <summary>A reload: what it will do, or has done.</summary>
/// <param name="Id">The plan's, for <c>expect</c>.</param>
/// <param name="Revision">The number that the configuration gets.</param>
/// <param name="HashBefore">The hash of the configuration in force before it.</param>
/// <param name="Hash">That of the new one.</param>
/// <param name="ChangesAnything">Whether there is anything to do.</param>
/// <param name="Blocks">What becomes of each block.</param>
/// <param name="NodeKeys">Keys of the node itself that change while it runs.</param>
/// <param name="NeedsRestart">What stays as it is until the node is started again.</param>
/// <param name="Text">The plan for people.</param>
internal sealed record ReloadAnswer(
    string Id, int Revision, string? HashBefore, string? Hash, bool ChangesAnything, IReadOnlyList<PlannedBlock> Blocks, IReadOnlyList<string> NodeKeys, IReadOnlyList<string> NeedsRestart, string Text)
{
    /// <summary>Whether it was carried out.</summary>
    public bool Applied { get; init; }

    /// <summary>Why it cannot be carried out as it is.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>Messages that it has cost.</summary>
    public long Dropped { get; init; }

    /// <summary>How long that took.</summary>
    public double? Seconds { get; init; }

    /// <summary>What is questionable about the configuration, ready to print.</summary>
    public string? Warnings { get; init; }

    public static ReloadAnswer Of(ReloadPlan plan) => new(
        plan.Id, plan.Revision, plan.HashBefore, plan.Hash, plan.ChangesAnything, [.. plan.Blocks.Select(PlannedBlock.Of)], plan.NodeKeys, plan.NeedsRestart, plan.ToString()) { Obstacles = plan.Obstacles, Dropped = plan.Dropped };
}

/// <summary>What a reload does with one block.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Action"><c>untouched</c>, <c>changed-in-place</c>, <c>replaced</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="Keys">The keys that have changed.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Waiting">Messages that wait for it.</param>
/// <param name="Reopened">What it opens, or closes and opens again.</param>
/// <param name="Closed">What it uses no more.</param>
/// <param name="Disconnected">Peers whose connections end.</param>
/// <param name="Effect">What happens to it, in a sentence.</param>
internal sealed record PlannedBlock(
    string Name, string Action, IReadOnlyList<string> Keys, string? Place, long Waiting, IReadOnlyList<string> Reopened, IReadOnlyList<string> Closed, IReadOnlyList<string> Disconnected, string Effect)
{
    public static PlannedBlock Of(BlockPlan block) =>
        new(block.Name, Word(block.Action), block.Keys, block.Place, block.Waiting, block.Reopened, block.Closed, block.Disconnected, block.Effect);

    private static string Word(BlockAction action) => action == BlockAction.ChangedInPlace ? "changed-in-place" : action.ToString().ToLowerInvariant();
}
