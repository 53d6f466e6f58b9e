using Microsoft.Extensions.Logging;

namespace MessageRouter.Cluster.Membership;

internal static partial class MembershipLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "This node is one of the cluster {Cluster}, at {Address}, with {Others} others.")]
    public static partial void Joined(ILogger logger, string cluster, string address, int others);

    [LoggerMessage(Level = LogLevel.Information, Message = "This node is not one of the cluster {Cluster} yet: {Problem}; it is tried on.")]
    public static partial void Waits(ILogger logger, string cluster, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Nobody who answers is in it: this node, the first of those that were found, begins the cluster {Cluster}.")]
    public static partial void Begins(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Error, Message = "This node was refused at {Address}: {Reason}. It goes on without the cluster and asks again.")]
    public static partial void Refused(ILogger logger, string address, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} at {Address} wanted to join and was refused: {Reason}.{Suppressed}")]
    public static partial void TurnedAway(ILogger logger, string node, string address, string reason, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} has asked this node {What}{Outcome}")]
    public static partial void AskedToReload(ILogger logger, string node, string what, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A certificate was refused: {Problem}.{Suppressed}")]
    public static partial void CertificateRefused(ILogger logger, string problem, string suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of `tls` cannot be read again, so the node goes on with the certificate that it has: {Problem}.")]
    public static partial void CertificatesKept(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Address} failed: {Problem}.{Suppressed}")]
    public static partial void Unconnected(ILogger logger, string address, string problem, string suppressed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is there.")]
    public static partial void Came(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} has left.")]
    public static partial void Left(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node at {Address} has taken this one to be gone.")]
    public static partial void ToldToBeGone(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} does not answer; unless it comes back it is taken to be gone after `split-brain.stable-after`.")]
    public static partial void Unreachable(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} answers again.")]
    public static partial void Reachable(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} is taken to be gone.")]
    public static partial void Gone(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node was taken to be gone, or is on the side of a divided network that is not to go on; it joins anew.")]
    public static partial void Downed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody listens at {Address}, and does not answer: this node's part in the cluster is started anew.")]
    public static partial void Unanswered(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "This node has left the cluster {Cluster}.")]
    public static partial void HasLeft(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The others had no time to hear that this node leaves; they see it as gone, and wait for it first.")]
    public static partial void LeftUnheard(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The node's part in the cluster has failed and is started anew.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}.")]
    public static partial void Warns(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The keys of the stream {Stream} are divided anew: {Held} slots change hands (epoch {Epoch}).")]
    public static partial void Slots(ILogger logger, string stream, long epoch, int held);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream {Stream} does not keep a key with one node: {Problem}. Let all feed it in the same way; who feeds it by another key waits.")]
    public static partial void FedInSeveralWays(ILogger logger, string stream, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: {Total} on all nodes, placed as {Shares}.")]
    public static partial void Placed(ILogger logger, string name, int total, string shares);
}
