using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using MessageRouter.Routing;

namespace MessageRouter.Reloading;

/// <summary>What a reload will do, before anything of it is done: the same plan is what runs.</summary>
public sealed record ReloadPlan
{
    /// <summary>The number that the configuration will have; the one in force has one less.</summary>
    public required int Revision { get; init; }

    /// <summary>The hash of the configuration in force; null where it was described in code.</summary>
    public string? HashBefore { get; init; }

    /// <summary>The hash of the new one.</summary>
    public string? Hash { get; init; }

    /// <summary>One for each block, in the order of the new configuration, removed ones last.</summary>
    public required IReadOnlyList<BlockPlan> Blocks { get; init; }

    /// <summary>Keys of the node itself that change while it runs, such as <c>memory.limit</c>.</summary>
    public IReadOnlyList<string> NodeKeys { get; init; } = [];

    /// <summary>What cannot change while the node runs, such as <c>akka</c>: it stays as it is until the node is started again.</summary>
    public IReadOnlyList<string> NeedsRestart { get; init; } = [];

    /// <summary>Why it cannot be carried out as it is, in sentences; none where it can.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>Messages that were dropped and counted as <see cref="Ledger.DropReasons.Reload"/> when it was carried out; 0 for a plan that was not yet.</summary>
    public long Dropped { get; init; }

    /// <summary>Whether anything will change.</summary>
    public bool ChangesAnything => NodeKeys.Count > 0 || Blocks.Any(block => block.Action != BlockAction.Untouched);

    /// <summary>The same for plans that do the same to the same configuration, however much waits meanwhile.</summary>
    [JsonIgnore]
    internal string Id
    {
        get
        {
            var text = string.Join('\n', [$"{Revision} {HashBefore} {Hash}", .. Blocks.Select(block => $"{block.Name} {block.Action} {string.Join(',', block.Keys)}"), .. NodeKeys, .. NeedsRestart]);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        }
    }

    /// <summary>The node as it is to be, with what needs a restart as it is.</summary>
    [JsonIgnore]
    internal NodeDefinition Definition { get; init; } = null!;

    /// <summary>The plan as lines of text.</summary>
    public override string ToString() => PlanText.Of(this);
}
