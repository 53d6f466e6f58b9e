using System.Net;
using MessageRouter.Zmtp;

namespace MessageRouter.Security;

/// <summary>Where endpoints lead.</summary>
internal static class Links
{
    extension(ZmtpEndpoint endpoint)
    {
        /// <summary>Whether what is sent there leaves the machine, or may.</summary>
        public bool LeavesMachine => endpoint.IsTcp && endpoint.Host != "localhost" && (endpoint.Address is not { } address || !IPAddress.IsLoopback(address));
    }
}
