using System.Net;
using MessageRouter.Components;

namespace MessageRouter.Configuration.Checks;

/// <summary>Finds where a node listens for whoever reaches it from other machines: ZeroMQ neither encrypts nor asks who somebody is.</summary>
internal static class OpenAddresses
{
    public static IEnumerable<(OwnedAddress Address, ComponentDefinition Owner)> Of(IEnumerable<ComponentDefinition> components) => components.SelectMany(component =>
        ((component.Options as IOwnsAddresses)?.OwnedAddresses ?? []).Where(address => address.Scheme is "tcp" or "udp" && !IsLoopback(address.Host)).Select(address => (address, component)));

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
