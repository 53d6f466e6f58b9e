using System.Net;
using MessageRouter.Components;

namespace MessageRouter.Configuration.Checks;

/// <summary>Finds where a node listens for whoever reaches it from other machines, without asking who somebody is.</summary>
internal static class OpenAddresses
{
    public static IEnumerable<OpenAddress> Of(IEnumerable<ComponentDefinition> components) =>
        from component in components
        where component.Options is not IGuardsAddresses { AsksPeers: true }
        from address in (component.Options as IOwnsAddresses)?.OwnedAddresses ?? []
        where address.Scheme is "tcp" or "udp" && !IsLoopback(address.Host)
        select new OpenAddress(address, component, (component.Options as IGuardsAddresses)?.AllowFrom ?? []);

    /// <summary>Whether it is only on this machine; a name that is not resolved is not.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>Where a node is open.</summary>
/// <param name="Address">The address.</param>
/// <param name="Owner">Who listens there.</param>
/// <param name="AllowFrom">Networks from which connections are taken; none for all.</param>
internal sealed record OpenAddress(OwnedAddress Address, ComponentDefinition Owner, IReadOnlyList<string> AllowFrom)
{
    /// <summary>As a part of a sentence.</summary>
    public override string ToString() => $"{Address} ({Owner.FullName}{(AllowFrom.Count == 0 ? "" : $", only from {string.Join(", ", AllowFrom)}")})";
}
