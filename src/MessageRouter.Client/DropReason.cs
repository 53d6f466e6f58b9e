namespace MessageRouter.Client;

/// <summary>Why a message was not sent.</summary>
public enum DropReason
{
    /// <summary>As many were waiting as may.</summary>
    Full,

    /// <summary>It is larger than <see cref="MessageClientOptions.MaxMessageSize"/>.</summary>
    TooLarge,

    /// <summary>The callback that was to write it failed, or the log event that it was to be could not be written.</summary>
    Failed,

    /// <summary>PUB: nobody subscribes to it, or who does has as many as it may.</summary>
    NotWanted,

    /// <summary>The client was disposed before it had left, or before it was sent.</summary>
    Closed,
}
