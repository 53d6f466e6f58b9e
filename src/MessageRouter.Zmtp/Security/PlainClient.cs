using System.Text;

namespace MessageRouter.Zmtp.Security;

/// <summary>The client's side of PLAIN.</summary>
internal sealed class PlainClient : ConnectionSecurity
{
    private static readonly PeerIdentity Server = new() { Mechanism = SecurityMechanism.Plain };

    private readonly byte[] _hello;

    public PlainClient(string user, string password)
    {
        byte[] name = Encoding.UTF8.GetBytes(user), word = Encoding.UTF8.GetBytes(password);
        if (name.Length > byte.MaxValue) throw new ArgumentException("A user has at most 255 bytes.", nameof(user));
        if (word.Length > byte.MaxValue) throw new ArgumentException("A password has at most 255 bytes.", nameof(password));
        _hello = Command.Frame([5, .. "HELLO"u8, (byte)name.Length, .. name, (byte)word.Length, .. word]);
    }

    public override string Mechanism => "PLAIN";

    public override async ValueTask<HandshakeResult> ShakeHandsAsync(HandshakeChannel channel, PeerMetadata metadata)
    {
        await channel.SendAsync(_hello);
        var welcome = await channel.ReceiveAsync();
        CheckRefusal(welcome.Span);
        if (!welcome.Span.SequenceEqual("\x07WELCOME"u8)) throw new ZmtpException("It does not answer HELLO with WELCOME.");
        await channel.SendAsync(Command.Frame([8, .. "INITIATE"u8, .. metadata.ToBytes()]));
        var ready = await channel.ReceiveAsync();
        CheckRefusal(ready.Span);
        return new HandshakeResult(Command.Ready(ready.Span), Server);
    }

    public override bool Equals(object? obj) => obj is PlainClient other && _hello.AsSpan().SequenceEqual(other._hello);

    public override int GetHashCode() => Mechanism.GetHashCode(StringComparison.Ordinal);

    private static void CheckRefusal(ReadOnlySpan<byte> body)
    {
        if (Command.Is(body, "ERROR"u8, out var reason) && reason.SequenceEqual("\u0003400"u8))
            throw new ZmtpException("The server does not let this side in: the user is none there, or has another password.", Refusals.NotAllowed);
    }
}
