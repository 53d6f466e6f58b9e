namespace MessageRouter.Zmtp.Limits;

/// <summary>Subscriptions of subscribers that are away, which take their part of what those of all may take.</summary>
internal interface IKeptSubscriptions
{
    /// <summary>The bytes that they take.</summary>
    long Bytes { get; }

    /// <summary>Those of each subscriber.</summary>
    IReadOnlyList<KeptSubscriptions> All { get; }
}

/// <summary>What is kept of one subscriber.</summary>
/// <param name="Origin">From where it was connected: an <see cref="AddressKey"/>, or what stands for it alone.</param>
/// <param name="Bytes">The bytes that it takes.</param>
/// <param name="Forget">It is kept no longer.</param>
internal sealed record KeptSubscriptions(object Origin, long Bytes, Action Forget);
