using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>The public keys of those who may connect. Asked for each connection.</summary>
public abstract class CurvePeers : AllowedPeers
{
    private protected CurvePeers()
    {
    }

    /// <summary>Everybody who has some key and knows the server's public one: connections are encrypted, and nothing is known of who is at the other end but his key.</summary>
    public static CurvePeers Any { get; } = new Everybody();

    /// <summary>The keys that are given here.</summary>
    /// <param name="keys">Public keys in Z85, 40 characters; a name may follow each, behind a blank.</param>
    /// <exception cref="SecurityFileException">One is none, or is there with two names.</exception>
    public static CurvePeers FromKeys(params IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new KeyList(new CurveSources([.. keys], [], []), TimeProvider.System);
    }

    /// <summary>A file with a key and a name a line, in which lines that begin with <c>#</c> are comments; or one public certificate, as czmq and PyZMQ write it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">The clock by which it is looked at; null for the system's.</param>
    /// <exception cref="SecurityFileException">It cannot be used.</exception>
    public static CurvePeers FromFile(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new KeyList(new CurveSources([], [path], []), clock ?? TimeProvider.System);
    }

    /// <summary>
    /// A folder of public certificates, as czmq and PyZMQ write them. Who has a key is called by the <c>name</c> of its metadata, or else by its file without the extension. Hidden files, and those whose
    /// names end with <c>_secret</c> or <c>~</c>, are not read. Each file is followed by itself: one that cannot be used keeps what it said, and holds up no other.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="clock">The clock by which it is looked at; null for the system's.</param>
    /// <exception cref="SecurityFileException">It cannot be used, or is empty.</exception>
    public static CurvePeers FromDirectory(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new KeyList(new CurveSources([], [], [path]), clock ?? TimeProvider.System);
    }

    /// <summary>Looks for a key.</summary>
    /// <returns>Who has it; null where it may not connect.</returns>
    internal abstract PeerIdentity? Find(ReadOnlySpan<byte> publicKey);

    /// <summary>The same by what is in force, without a look at files: many may be asked for together, and each has been found before.</summary>
    internal abstract PeerIdentity? Known(ReadOnlySpan<byte> publicKey);

    internal override bool StillAllows(PeerIdentity peer) => Z85.TryDecodeKey(peer.PublicKey, out var key) && Known(key) is not null;

    private sealed class Everybody : CurvePeers
    {
        public override int Count => 0;

        internal override PeerIdentity Find(ReadOnlySpan<byte> publicKey) => new() { Mechanism = SecurityMechanism.Curve, PublicKey = Z85.Encode(publicKey) };

        internal override PeerIdentity Known(ReadOnlySpan<byte> publicKey) => Find(publicKey);
    }
}
