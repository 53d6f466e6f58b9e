namespace MessageRouter.Components;

/// <summary>Options of a component that has messages waiting elsewhere than in its mailbox, such as for the peers of a socket.</summary>
internal interface IHoldsMessages
{
    /// <summary>The bytes that these have at most, as far as that is known before it starts; null for no limit.</summary>
    long? MostBytes { get; }

    /// <summary>Whether that is more than it would be had nothing been said about it.</summary>
    bool IsRaised { get; }

    /// <summary>Whether peers may send it a part of a message and let it wait for the rest, for which all such components have one bound.</summary>
    bool HoldsParts => false;
}
