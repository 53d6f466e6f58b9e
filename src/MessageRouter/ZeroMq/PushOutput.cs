using MessageRouter.Distribution;
using MessageRouter.Security;
using MessageRouter.Zmtp;

namespace MessageRouter.ZeroMq;

/// <summary>
/// A PUSH socket of the router's own engine: a distributor of plain delivery whose workers are the pullers that are there, and which waits for their
/// reading at the end for no longer than its linger time.
/// </summary>
internal sealed class PushOutput(ZeroMqOutput.Options options, IPeerEngine engine, NodeSecurity security) : DistributorOutput(options.AsDistributor, engine, security, options.Linger)
{
    protected override string ClosedReason => "The socket has been closed.";

    protected override void Change(object options) => base.Change(((ZeroMqOutput.Options)options).AsDistributor);

    protected override void Open()
    {
        ZeroMqEngine.CheckHosts(options.ConnectEndpoints);
        base.Open();
    }
}
