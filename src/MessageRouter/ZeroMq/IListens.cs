using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>Implemented by options of components that listen with the router's own engine, which a reload hands from one to the next.</summary>
internal interface IListens
{
    /// <summary>What is listened on. Only for options that were found valid.</summary>
    /// <param name="lastEndpoints">What the component that has the same `bind` was bound to; none where there is none.</param>
    IEnumerable<ZmtpEndpoint> ListensOn(IReadOnlyList<string> lastEndpoints);
}
