using MessageRouter.Components;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>Endpoints as addresses that only one component can listen on.</summary>
internal static class EndpointAddresses
{
    extension(ZmtpEndpoint endpoint)
    {
        /// <summary>The endpoint as an address to listen on.</summary>
        public OwnedAddress OwnedAddress => new(endpoint.Scheme, endpoint.Host, endpoint.Port) { Written = endpoint.Written };

        /// <inheritdoc cref="OwnedAddress.ClashesWith"/>
        public bool ClashesWith(ZmtpEndpoint other) => endpoint.OwnedAddress.ClashesWith(other.OwnedAddress);
    }
}
