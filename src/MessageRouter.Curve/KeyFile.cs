using System.Security.Cryptography;
using System.Text;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Curve;

/// <summary>
/// A certificate as czmq's <c>zcert_save</c> and PyZMQ's <c>create_certificates</c> write it, in ZPL (RFC 4): sections <c>metadata</c> and <c>curve</c>, and in the latter
/// <c>public-key</c> and, in the file that is its owner's alone, <c>secret-key</c>.
/// </summary>
internal sealed class KeyFile : IDisposable
{
    /// <summary>What czmq and PyZMQ put behind the name of the file with the secret key.</summary>
    public const string SecretSuffix = "_secret";

    private KeyFile(byte[] publicKey, byte[]? secretKey, IReadOnlyDictionary<string, string> metadata) => (PublicKey, SecretKey, Metadata) = (publicKey, secretKey, metadata);

    public byte[] PublicKey { get; }

    /// <summary>Null in a public certificate.</summary>
    public byte[]? SecretKey { get; }

    /// <summary>What its owner says of himself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the file with both keys.</summary>
    /// <exception cref="SecurityFileException">It cannot be used, or others may read it.</exception>
    public static KeyFile Secret(string path)
    {
        return SecurityFile.Read(path, "the file with the secret key", (text, isOthers) =>
        {
            var file = Parse(path, text);
            if (file.SecretKey is null) throw new SecurityFileException(path, "is a public certificate and has no secret key", $"name the file that was made with it, `{path}{SecretSuffix}`");
            if (!isOthers) return file;
            file.Dispose();
            throw SecurityFile.OfOthersToo(path);
        });
    }

    /// <summary>Reads the file with the public key only.</summary>
    /// <exception cref="SecurityFileException">It cannot be used, or has a secret key.</exception>
    public static KeyFile Public(string path) => SecurityFile.Read(path, "a public certificate", (text, _) => Public(path, text));

    /// <inheritdoc cref="Public(string)"/>
    public static KeyFile Public(string path, ReadOnlySpan<byte> text)
    {
        var file = Parse(path, text);
        if (file.SecretKey is null) return file;
        file.Dispose();
        throw new SecurityFileException(path, "has a secret key, where only the public one belongs",
            path.EndsWith(SecretSuffix, StringComparison.Ordinal) ? $"name `{path[..^SecretSuffix.Length]}`, and keep this one where its owner is" : "put the public certificate here, and the secret one nowhere but where its owner is");
    }

    /// <summary>Either.</summary>
    public static KeyFile Any(string path) => SecurityFile.Read(path, "a certificate", (text, _) => Parse(path, text));

    /// <summary>Who has the keys: the <c>name</c> of the metadata, or else the file's without the extension.</summary>
    public string NameIn(string path) => Metadata.TryGetValue("name", out var said) && said.Length > 0 ? said : Path.GetFileNameWithoutExtension(path);

    /// <summary>Whether a text is such a file, by the first line that says something.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text)
    {
        foreach (var line in text.Split((byte)'\n'))
        {
            var said = Ascii.Trim(text[line]);
            var content = text[line][said];
            if (content.IsEmpty || content[0] == '#') continue;
            return content.SequenceEqual("metadata"u8) || content.SequenceEqual("curve"u8);
        }
        return false;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(SecretKey);

    private static KeyFile Parse(string path, ReadOnlySpan<byte> text)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (publicKey, secretKey, hasPublic, number) = (new byte[Sodium.KeySize], (byte[]?)null, false, 0);
        ReadOnlySpan<byte> section = default;
        try
        {
            foreach (var range in text.Split((byte)'\n'))
            {
                number++;
                var line = text[range][Ascii.Trim(text[range])];
                if (line.IsEmpty || line[0] == '#') continue;
                var isWithin = text[range][0] is (byte)' ' or (byte)'\t';
                var equals = line.IndexOf((byte)'=');
                var name = equals < 0 ? line : line[..equals][Ascii.Trim(line[..equals])];
                if (!isWithin)
                {
                    section = name;
                    continue;
                }
                var value = equals < 0 ? default : Value(line[(equals + 1)..]);
                if (section.SequenceEqual("metadata"u8)) metadata[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
                if (!section.SequenceEqual("curve"u8)) continue;
                if (name.SequenceEqual("public-key"u8))
                {
                    if (hasPublic) throw new SecurityFileException(path, "has a second public key", "leave one of the two", number);
                    Decode(value, "public", publicKey);
                    hasPublic = true;
                }
                else if (name.SequenceEqual("secret-key"u8))
                {
                    if (secretKey is not null) throw new SecurityFileException(path, "has a second secret key", "leave one of the two", number);
                    secretKey = CurveKeys.NewSecret();
                    Decode(value, "secret", secretKey);
                }
            }
            if (!hasPublic) throw new SecurityFileException(path, "has no public key", "name a certificate: a section `curve` with public-key = \"40 characters\", as `message-router keys new` writes it");
            if (secretKey is not null) CheckPair(path, publicKey, secretKey);
            return new KeyFile(publicKey, secretKey, metadata);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(secretKey);
            throw;
        }

        void Decode(ReadOnlySpan<byte> value, string which, Span<byte> key)
        {
            if (value.Length != Z85.KeyLength) throw new SecurityFileException(path, FormattableString.Invariant($"has a {which} key of {value.Length} characters instead of {Z85.KeyLength}"), "copy the file again, whole", number);
            if (!Z85.TryDecode(value, key)) throw new SecurityFileException(path, $"has a {which} key that is no Z85", "copy the file again, as it is", number);
        }
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text)
    {
        text = text[Ascii.Trim(text)];
        if (text.IsEmpty || text[0] is not ((byte)'"' or (byte)'\'')) return text;
        var end = text[1..].IndexOf(text[0]);
        return end < 0 ? text[1..] : text.Slice(1, end);
    }

    private static void CheckPair(string path, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> secretKey)
    {
        Span<byte> computed = stackalloc byte[Sodium.KeySize];
        Sodium.PublicOf(secretKey, computed);
        if (!computed.SequenceEqual(publicKey)) throw new SecurityFileException(path, "has a secret key that is not that of its public one", "copy the file again, as it was made");
    }
}
