namespace MessageRouter.Components;

/// <summary>Implemented by options that make a component listen, so that two of one address are found before the start.</summary>
public interface IListens
{
    /// <summary>The addresses that the component will bind.</summary>
    IEnumerable<ListenAddress> ListenAddresses { get; }
}

/// <summary>An address to listen on.</summary>
/// <param name="Scheme">What is spoken there, such as <c>tcp</c>.</param>
/// <param name="Host">The interface; <c>*</c> for all of them.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
public sealed record ListenAddress(string Scheme, string Host, int Port)
{
    /// <summary>Whether the two cannot both be bound.</summary>
    public bool ClashesWith(ListenAddress other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Scheme == other.Scheme && Port == other.Port && Port != 0 && (Host == other.Host || IsAny(Host) || IsAny(other.Host));
    }

    private static bool IsAny(string host) => host is "*" or "0.0.0.0" or "::" or "[::]";

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Host}:{Port}";
}
