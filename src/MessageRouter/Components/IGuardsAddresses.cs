namespace MessageRouter.Components;

/// <summary>Implemented by options that say who may reach the addresses that their component listens on.</summary>
internal interface IGuardsAddresses
{
    /// <summary>Networks from which connections are taken; none for all. Whoever is on the way reads and changes what they send all the same.</summary>
    IReadOnlyList<string> AllowFrom { get; }

    /// <summary>Whether peers have to prove who they are: then the address is not open.</summary>
    bool AsksPeers => false;
}
