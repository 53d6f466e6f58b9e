namespace MessageRouter.Components;

/// <summary>
/// Implemented by options that claim what only one component can have, a port to listen on or a file to write, so that two
/// claims are found before the start.
/// </summary>
public interface IOwnsAddresses
{
    /// <summary>The addresses that the component will take. Only for options that were found valid.</summary>
    IEnumerable<OwnedAddress> OwnedAddresses { get; }
}
