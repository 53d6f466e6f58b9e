namespace MessageRouter.Zmtp.Security;

/// <summary>The mechanism NULL, which proves nothing: each side says what it is.</summary>
internal sealed class NullSecurity : ConnectionSecurity
{
    public static readonly NullSecurity Instance = new();

    public override string Mechanism => "NULL";

    public override async ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata)
    {
        // Some versions of libzmq refuse who says READY before having heard their greeting.
        await channel.SendAsync(Command.Ready(metadata));
        return new HandshakeResult(Command.Ready((await channel.ReceiveAsync()).Span), PeerIdentity.Unknown);
    }
}
