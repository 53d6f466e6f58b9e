namespace MessageRouter.Ledger;

/// <summary>The reasons under which the router itself counts dropped messages. A component may name others.</summary>
public static class DropReasons
{
    /// <summary>The target's mailbox was full and its policy drops the newest.</summary>
    public const string MailboxFull = "mailbox-full";

    /// <summary>The message was the oldest in a full mailbox whose policy drops the oldest.</summary>
    public const string Evicted = "evicted";

    /// <summary>The node had as much waiting as <c>memory.limit</c> allows, and its input cannot wait.</summary>
    public const string Memory = "memory";

    /// <summary>The input's codec could not read it; it is in the error chain.</summary>
    public const string Undecodable = "undecodable";

    /// <summary>The output's codec could not write it; it is in the error chain.</summary>
    public const string Unencodable = "unencodable";

    /// <summary>A PUB socket had no subscriber for it.</summary>
    public const string NoSubscriber = "no-subscriber";

    /// <summary>A PUB socket had subscribers for it, and each of them had as many messages waiting as it may (<c>high-water-mark</c>).</summary>
    public const string SubscriberFull = "subscriber-full";

    /// <summary>The last subscriber of a PUB socket that was to have it went away before any of it was written to one.</summary>
    public const string SubscriberGone = "subscriber-gone";

    /// <summary>No node of the cluster takes its stream, and where messages wait for one there was no room for it.</summary>
    public const string NoMember = "no-member";

    /// <summary>Its input reads on one node of the cluster at a time, and this process had stood still for so long that it may have been another one's turn.</summary>
    public const string Standby = "standby";

    /// <summary>It was larger than allowed.</summary>
    public const string TooLarge = "too-large";

    /// <summary>More error events came than <c>errors.rate-limit</c> allows.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>Its peer had sent more in a second than <c>limits</c> allows, with <c>over-rate = drop</c>.</summary>
    public const string OverRate = "over-rate";

    /// <summary>The component had been stopped by its supervision policy.</summary>
    public const string Stopped = "stopped";

    /// <summary>A reload had removed the component, or put another one in its place, and waited no longer for it.</summary>
    public const string Reload = "reload";

    /// <summary>It was still under way when the node's drain timeout was over.</summary>
    public const string Shutdown = "shutdown";
}
