using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Mailboxes;

namespace MessageRouter.Configuration.Checks;

/// <summary>What is promised least on a way through a node.</summary>
/// <param name="Promise">The promise.</param>
/// <param name="At">The component that it is owed to.</param>
/// <param name="Because">Why it is no more, as a phrase; empty where it could not be.</param>
internal sealed record WeakestLink(Promise Promise, ComponentDefinition At, string Because)
{
    /// <summary>What waits in a node is in its memory only.</summary>
    private const string InMemory = "what the node has when it is killed is lost";

    public static WeakestLink OfInput(ComponentDefinition input) => input.Options is IPromises promises
        ? new WeakestLink(promises.Promise, input, promises.Reason)
        : new WeakestLink(Promise.AtMostOnce, input, InMemory);

    public static WeakestLink? OfOutput(ComponentDefinition output) => output.Options is IPromises promises ? new WeakestLink(promises.Promise, output, promises.Reason) : null;

    /// <summary>Of the way into a mailbox; null where nothing is lost there.</summary>
    public static WeakestLink? OfMailbox(ComponentDefinition target, Overflow policy) => policy == Overflow.Wait ? null
        : new WeakestLink(Promise.Lossy, target, $"it drops the {(policy == Overflow.DropOldest ? "oldest" : "newest")} when its mailbox is full ({OptionKey.Kebab(policy.ToString())})");

    /// <summary>The weaker one; of equals the first.</summary>
    public WeakestLink And(WeakestLink? other) => other is not null && other.Promise < Promise ? other : this;
}
