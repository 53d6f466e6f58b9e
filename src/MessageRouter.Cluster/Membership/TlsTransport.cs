using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace MessageRouter.Cluster.Membership;

/// <summary>
/// Akka's transport over TCP, of which a connection that cannot be made ends that connection, and nothing else. Akka's own ends the whole actor system, by its coordinated shutdown, when a TLS handshake that this
/// node began fails: whoever listens where a node is looked for, with a certificate of another authority or with no TLS, and a node that dies at that moment, would each end this one.
/// </summary>
internal sealed class TlsTransport : Transport
{
    /// <summary>Shutting it down does nothing any more.</summary>
    private static readonly ActorSystem Ended = MakeEnded();

    private readonly Transport _tcp;

    /// <summary>Called by Akka, which knows it by its name.</summary>
    public TlsTransport(ActorSystem system, Config config)
    {
        var type = Type.GetType("Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote", throwOnError: true)!;
        _tcp = (Transport)Activator.CreateInstance(type, system, config)!;
        (System, Config) = (system, config);

        // What it has read of the system it keeps; what is left is which one it shuts down, and the name, which is the same.
        SetSystem(_tcp, Ended);
    }

    public override string SchemeIdentifier => _tcp.SchemeIdentifier;

    public override long MaximumPayloadBytes => _tcp.MaximumPayloadBytes;

    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() => _tcp.Listen();

    public override bool IsResponsibleFor(Address remote) => _tcp.IsResponsibleFor(remote);

    public override Task<AssociationHandle> Associate(Address remoteAddress) => _tcp.Associate(remoteAddress);

    public override Task<bool> Shutdown() => _tcp.Shutdown();

    public override Task<bool> ManagementCommand(object message) => _tcp.ManagementCommand(message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_System")]
    private static extern void SetSystem(Transport transport, ActorSystem system);

    private static ActorSystem MakeEnded()
    {
        var system = ActorSystem.Create(AkkaSettings.SystemName, "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off } }");
        _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.UnknownReason.Instance);
        return system;
    }
}
