using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Control;

/// <summary>What the files have that the configuration names: read at the start, so that what is wrong with them is known then.</summary>
internal sealed class Secrets
{
    private byte[]? _tokenHash;

    /// <summary>Whether callers over HTTP need a token.</summary>
    public bool HasToken => _tokenHash is not null;

    /// <summary>The certificate with its key, and those between it and its authority; null for plain HTTP.</summary>
    public X509Certificate2? Certificate { get; private set; }

    public X509Certificate2Collection Chain { get; } = [];

    /// <summary>Of whom callers must have a certificate; empty for nobody.</summary>
    public X509Certificate2Collection ClientAuthorities { get; } = [];

    /// <summary>Headers of metrics that are pushed.</summary>
    public IReadOnlyList<(string Name, string Value)> OtlpHeaders { get; private set; } = [];

    /// <summary>Compares in a time that says nothing of the token.</summary>
    public bool IsToken(string text) => _tokenHash is { } hash && CryptographicOperations.FixedTimeEquals(hash, Hash(text));

    /// <exception cref="ControlStartException">A file cannot be read, can be read by others, or is not what it should be.</exception>
    public static Secrets Read(ControlDefinition definition)
    {
        var secrets = new Secrets();
        var options = definition.Options!;
        if (options.Http is { TokenFile.Length: > 0 } http) Try("http.token-file", http.TokenFile, isSecret: true, path => secrets._tokenHash = Hash(Token(path)));
        if (options.Http?.Tls is { } tls)
        {
            Try("http.tls.key", tls.Key, isSecret: true, _ => { });
            Try("http.tls.certificate", tls.Certificate, isSecret: false, path => secrets.ReadCertificate(path, tls.Key));
            if (tls.ClientAuthority.Length > 0) Try("http.tls.client-authority", tls.ClientAuthority, isSecret: false, secrets.ClientAuthorities.ImportFromPemFile);
        }
        if (options.Otlp is { HeadersFile.Length: > 0 } otlp)
            Try("otlp.headers-file", otlp.HeadersFile, isSecret: true, path => secrets.OtlpHeaders = [.. Headers(path)]);
        return secrets;

        void Try(string key, string path, bool isSecret, Action<string> read)
        {
            var place = definition.PlaceOf(key) ?? definition.Origin;
            try
            {
                FileKind.RequireFile(path);
                if (isSecret && IsOthers(path)) throw new ControlStartException($"others than its owner may read or change `{path}`", place, $"chmod 600 {path}");
                read(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
            {
                throw new ControlStartException($"`{path}`: {exception.Message}", place, null, exception);
            }
        }
    }

    private static bool IsOthers(string path)
    {
        using var file = File.OpenHandle(path);
        return FileSecrecy.IsOthers(file);
    }

    private static string Token(string path)
    {
        var token = File.ReadAllText(path).Trim();
        if (token.Length < HttpControlOptions.ShortestToken) throw new FormatException($"A token has at least {HttpControlOptions.ShortestToken} characters; `openssl rand -hex 32` makes a good one");
        return token.Any(char.IsWhiteSpace) ? throw new FormatException("A token is one word") : token;
    }

    /// <remarks>What stands in a line that is no header is not said: it may be a secret all the same.</remarks>
    private static IEnumerable<(string Name, string Value)> Headers(string path)
    {
        using var probe = new HttpRequestMessage();
        foreach (var (number, line) in File.ReadLines(path).Index().Where(line => line.Item.AsSpan().Trim() is { Length: > 0 } text && text[0] != '#'))
        {
            var (name, value) = line.IndexOf('=') is > 0 and var at ? (line[..at].Trim(), line[(at + 1)..].Trim()) : throw new FormatException($"Line {number + 1} is not `name=value`");
            if (!probe.Headers.TryAddWithoutValidation(name, value)) throw new FormatException($"Line {number + 1} does not begin with the name of a header of a request");
            yield return (name, value);
        }
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private void ReadCertificate(string certificate, string key)
    {
        Certificate = X509Certificate2.CreateFromPemFile(certificate, key);
        Chain.ImportFromPemFile(certificate);
    }
}
