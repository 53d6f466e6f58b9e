using System.Security.Cryptography;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>A pair of keys, by which one end of a connection proves who it is. The secret one is never shown, and wiped when the pair is disposed of, or nobody has it any more.</summary>
public sealed class CurveKeys : IDisposable, ICurveIdentity
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

    internal bool IsDisposed => _isDisposed;

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

    /// <summary>
    /// Reads a pair from the file that has both, as <see cref="Save"/>, czmq and PyZMQ write it; with <c>keys/node.key</c> for the public one that is <c>keys/node.key_secret</c>.
    /// </summary>
    /// <exception cref="SecurityFileException">The file cannot be used, or others than its owner may read it (not asked on Windows).</exception>
    public static CurveKeys Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = KeyFile.Secret(path);
        return new CurveKeys(file.PublicKey, file.SecretKey!);
    }

    /// <summary>The public key that stands in a certificate, in Z85.</summary>
    /// <param name="path">A public certificate, or one with both keys.</param>
    /// <exception cref="SecurityFileException">The file cannot be used.</exception>
    public static string LoadPublicKey(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = KeyFile.Any(path);
        return Z85.Encode(file.PublicKey);
    }

    /// <summary>
    /// Writes the public certificate to a file, and the one with both keys, which only its owner can read, beside it with <c>_secret</c> behind its name: as czmq's
    /// <c>zcert_save</c> does. Files that are there are not overwritten.
    /// </summary>
    /// <param name="path">The public certificate's file, such as <c>keys/node.key</c>.</param>
    /// <param name="metadata">What is said of its owner, such as his <c>name</c>, by which others know the key; null for nothing. It is in both files.</param>
    /// <exception cref="IOException">One of the files is there already, or cannot be written.</exception>
    /// <exception cref="ArgumentException">What is said cannot be written: it has line ends, or both kinds of quotes, or a name is none.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        metadata ??= new Dictionary<string, string>();
        if (metadata.Any(pair => pair.Key.Length == 0 || !pair.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') || pair.Value.Any(char.IsControl) || (pair.Value.Contains('"', StringComparison.Ordinal) && pair.Value.Contains('\'', StringComparison.Ordinal))))
            throw new ArgumentException("A name has letters, digits, `-`, `_` and `.`; a value has no line ends and not both kinds of quotes.", nameof(metadata));
        KeyFileWriter.Write(path, this, metadata);
    }

    /// <summary>What people compare to know that a public key is the one that was meant: its SHA-256, as OpenSSH shows it.</summary>
    public static string Fingerprint(string publicKey) =>
        Z85.TryDecodeKey(publicKey, out var key) ? $"SHA256:{Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=')}" : throw new ArgumentException("A public key is 40 characters of Z85.", nameof(publicKey));

    bool ICurveIdentity.IsSecret(string text)
    {
        const int most = Z85.KeyLength * 9 / 10;
        Span<byte> secret = stackalloc byte[Z85.KeyLength];
        Z85.Encode(Secret, secret);
        var given = System.Text.Encoding.UTF8.GetBytes(text);
        var isSecret = given.AsSpan().IndexOf(secret) >= 0 || (given.Length >= most && secret.IndexOf(given) >= 0);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(given);
        return isSecret;
    }

    /// <summary>The public key only.</summary>
    public override string ToString() => PublicKey;

    /// <summary>Wipes the secret key.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_secret);
        GC.SuppressFinalize(this);
    }

    /// <summary>Wipes what nobody has disposed of.</summary>
    ~CurveKeys() => CryptographicOperations.ZeroMemory(_secret);

    /// <summary>Memory for a secret that the garbage collector leaves where it is, so that wiping it leaves no copy.</summary>
    internal static byte[] NewSecret() => GC.AllocateArray<byte>(Sodium.KeySize, pinned: true);
}
