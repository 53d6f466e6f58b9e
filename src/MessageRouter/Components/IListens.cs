namespace MessageRouter.Components;

/// <summary>Implemented by options that make a component listen, so that two of one address are found before the start.</summary>
public interface IListens
{
    /// <summary>The addresses that the component will bind.</summary>
    IEnumerable<ListenAddress> ListenAddresses { get; }
}
