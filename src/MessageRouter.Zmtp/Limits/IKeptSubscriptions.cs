namespace MessageRouter.Zmtp.Limits;

/// <summary>Subscriptions of subscribers that are away, which take their part of what those of all may take.</summary>
internal interface IKeptSubscriptions
{
    /// <summary>The bytes that they take.</summary>
    long Bytes { get; }

    /// <summary>The bytes that those of one subscriber take at most.</summary>
    long Most { get; }

    /// <summary>Those that take the most are kept no longer.</summary>
    void ForgetMost();
}
