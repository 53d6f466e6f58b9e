using MessageRouter.Components;
using MessageRouter.ZeroMq;

namespace MessageRouter.Configuration;

/// <summary>
/// Warns where a node could come to hold more than its memory limit before any of its own bounds is reached. Where nothing is said about
/// bounds or memory it warns of nothing: the limit is there for just that, and whoever has a small machine has not made a mistake.
/// </summary>
internal static class MemoryCheck
{
    /// <param name="components">All components of the node, its error output included.</param>
    /// <param name="limit">Its memory limit; 0 for none.</param>
    /// <param name="isWritten">Whether the limit is written.</param>
    public static Diagnostic? Find(IReadOnlyList<ComponentDefinition> components, long limit, bool isWritten)
    {
        if (limit == 0 || components.Count == 0 || !(isWritten || components.Any(IsRaised))) return null;
        var largest = components.MaxBy(MostBytes)!;
        var parts = components.Any(component => component.Options is IHoldsMessages { HoldsParts: true }) ? PeerSockets.MostInParts(limit) : 0;
        var all = components.Aggregate(parts, (sum, component) => Sum(sum, MostBytes(component)));
        if (all <= limit) return null;
        return new Diagnostic(
            DiagnosticSeverity.Warning,
            $"{Text(all)} may come to wait in this node{(parts > 0 ? $", {Text(parts)} of it in messages of which only a part has come" : "")}, and its memory limit is {SizeText.Of(limit)}; the largest part in {Describe(largest)}: {Parts(largest)}",
            largest.Origin,
            $"set a smaller `mailbox.max-bytes`{(Queues(largest) > 0 ? " or smaller queues of its peers" : "")}, or raise `limit` in `router.memory`; at the limit inputs wait or drop");
    }

    private static bool IsRaised(ComponentDefinition component) =>
        component.Mailbox.MaxBytes > new MailboxOptions().MaxBytes || component.Options is IHoldsMessages { IsRaised: true };

    private static long MostBytes(ComponentDefinition component) => Sum(Mailboxes(component), Queues(component));

    /// <summary>The copies of a pool share as much as the pool's own mailbox.</summary>
    private static long Mailboxes(ComponentDefinition component) =>
        component.IsPool ? Sum(component.Mailbox.MaxBytes, component.Mailbox.MaxBytes) : component.Mailbox.MaxBytes;

    private static long Queues(ComponentDefinition component) => component.Options is IHoldsMessages holder ? holder.MostBytes ?? long.MaxValue : 0;

    private static string Parts(ComponentDefinition component) =>
        $"{Text(Mailboxes(component))} in its mailbox{(component.IsPool ? "es" : "")}" + (Queues(component) > 0 ? $", {Text(Queues(component))} for its peers" : "");

    private static string Text(long bytes) => bytes == long.MaxValue ? "any amount" : SizeText.Of(bytes);

    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static string Describe(ComponentDefinition component) => component.Name.Length == 0 ? "`errors`" : $"{component.Role.Word()} `{component.Name}`";
}
