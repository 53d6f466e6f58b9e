using System.Security.Cryptography;

namespace MessageRouter.Curve;

/// <summary>A pair of keys, by which one end of a connection proves who it is. The secret one is never shown, and wiped when the pair is disposed of.</summary>
public sealed class CurveKeys : IDisposable
{
    private readonly byte[] _public;
    private readonly byte[] _secret;
    private bool _isDisposed;

    internal CurveKeys(byte[] publicKey, byte[] secretKey)
    {
        _public = publicKey;
        _secret = secretKey;
    }

    /// <summary>The public key in Z85, 40 characters: what the other end is told to trust.</summary>
    public string PublicKey => Z85.Encode(_public);

    internal ReadOnlySpan<byte> Public => _public;

    /// <exception cref="ObjectDisposedException">It has been wiped.</exception>
    internal ReadOnlySpan<byte> Secret
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _secret;
        }
    }

    /// <summary>Makes a new pair.</summary>
    public static CurveKeys Generate()
    {
        var (publicKey, secretKey) = (new byte[Sodium.KeySize], NewSecret());
        Sodium.MakeKeys(publicKey, secretKey);
        return new CurveKeys(publicKey, secretKey);
    }

    /// <summary>The public key only.</summary>
    public override string ToString() => PublicKey;

    /// <summary>Wipes the secret key.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    /// <summary>Memory for a secret that the garbage collector leaves where it is, so that wiping it leaves no copy.</summary>
    internal static byte[] NewSecret() => GC.AllocateArray<byte>(Sodium.KeySize, pinned: true);
}
