using MessageRouter.Configuration;
using MessageRouter.Mailboxes;
using MessageRouter.Pools;

namespace MessageRouter.Components;

/// <summary>One component as its node's configuration describes it, checked and with every default filled in.</summary>
public sealed record ComponentDefinition
{
    /// <summary>Input, filter or output.</summary>
    public required ComponentRole Role { get; init; }

    /// <summary>The name within the node; unique over all roles.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of component it is.</summary>
    public required ComponentType Type { get; init; }

    /// <summary>The component's own options: an instance of <see cref="ComponentType.OptionsType"/>, or null where it has none.</summary>
    public object? Options { get; init; }

    /// <summary>The names of the filters and outputs that it sends to.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>How an input reads and an output writes payloads.</summary>
    public MessageFormat Codec { get; init; } = MessageFormat.Json;

    /// <summary>The bounds of its mailbox.</summary>
    public MailboxOptions Mailbox { get; init; } = new();

    /// <summary>What happens when it fails.</summary>
    public SupervisionOptions Supervision { get; init; } = new();

    /// <summary>Of a filter: how many copies of it are to work beside one another. Default 1, at most 1000.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Of a filter: how its copies are placed on the nodes of the cluster, so that this one has as many as that says; null where <see cref="Instances"/> does.</summary>
    public PlacementOptions? Placement { get; init; }

    /// <summary>
    /// How its messages are divided among the copies. Null, the default, means <see cref="PoolRoute.RoundRobin"/>, and of
    /// one instance that it is no pool, whose size could be changed.
    /// </summary>
    public PoolRoute? Route { get; init; }

    /// <summary>Of a filter: how often it tries a message that it throws on.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Of an asynchronous filter: how many messages it works on at a time.</summary>
    public AsyncOptions Async { get; init; } = new();

    /// <summary>Of an input: that it reads on one node of the cluster at a time; null for one that reads on every node.</summary>
    public SingletonOptions? Singleton { get; init; }

    /// <summary>Where its block stands in a file; null where it was made in code.</summary>
    public SourceSpan? Origin { get; init; }

    /// <summary>Finds where the option stands that has a text, or is a list with it.</summary>
    internal Func<string, SourceSpan?> FindOption { get; init; } = _ => null;

    /// <summary>Finds where an option stands, by its path within the block such as <c>match</c> or <c>fields.site</c>; null where it is left out.</summary>
    internal Func<string, SourceSpan?> FindKey { get; init; } = _ => null;

    /// <summary>Throws, for a trial of the node, on messages before a filter looks at them; null for a node that runs.</summary>
    internal Action<Message>? Fault { get; init; }

    /// <summary>The filter whose messages it takes from one node to another, where the copies of that are on several; null for what has a block of its own.</summary>
    internal string? PartOf { get; init; }

    /// <summary>Whether it is a pool of copies, of which there may be but one.</summary>
    internal bool IsPool => Instances > 1 || Route is not null || Placement is not null;

    /// <summary>Whether it is an input that stops reading while there is no room for more: where it loses nothing by that, or is told to.</summary>
    internal bool CanPause => Options is IPausableInput { CanPause: true } || (Mailbox.Overflow == Overflow.Wait && PausesOnlyIfAsked);

    /// <summary>Whether it is an input that loses messages elsewhere while it does not read, which nobody is to learn by surprise.</summary>
    internal bool PausesOnlyIfAsked => Options is IPausableInput { CanPause: false, CanPauseAtALoss: true };

    /// <summary>Where the option stands that has this text, or is a list with it; the component's block where there is none.</summary>
    internal SourceSpan? PlaceOf(string? text) => (string.IsNullOrEmpty(text) ? null : FindOption(text)) ?? Origin;

    /// <summary>The full name: options may hold what nobody is to see.</summary>
    public override string ToString() => FullName;

    /// <summary>The name that stands in ledger, log and actor path, such as <c>filters.errors</c>.</summary>
    public string FullName => Name.Length == 0 ? "errors" : $"{Role.Section()}.{Name}";
}
