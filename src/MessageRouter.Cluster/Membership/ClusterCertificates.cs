using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;
using MessageRouter.Clustering;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Membership;

/// <summary>The node's certificate, as its actor system has it from its start to its end, and whose others are believed, as the file says at each check.</summary>
internal sealed class ClusterCertificates
{
    /// <summary>How long before its end it is said that a certificate ends.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromDays(7);

    private readonly ClusterTlsOptions _tls;
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _between = [];
    private readonly DateTimeOffset _until;
    private volatile X509Certificate2Collection _trusted;

    /// <exception cref="ClusterStartException">A file cannot be read, or is not what it is to be.</exception>
    private ClusterCertificates(ClusterTlsOptions tls, Func<string, Configuration.SourceSpan?> placeOf)
    {
        _tls = tls;
        var key = Read("tls.key", tls.Key, () => SecretFile.Read(tls.Key, tls.Key));
        _own = Read("tls.certificate", tls.Certificate, () =>
        {
            FileKind.RequireFile(tls.Certificate);
            using var pem = X509Certificate2.CreateFromPem(File.ReadAllText(tls.Certificate), key);

            // TLS of .NET does not take a key that is only in memory on every platform.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        });
        Read("tls.certificate", tls.Certificate, () =>
        {
            _between.ImportFromPemFile(tls.Certificate);
            return _between;
        });
        _until = _between.Min(certificate => new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
        _trusted = Read("tls.trust", tls.Trust, () => Authorities(tls.Trust));

        T Read<T>(string name, string path, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (SecretException exception)
            {
                throw new ClusterStartException(exception.Message, placeOf(name) ?? placeOf("tls"), exception.Hint, exception);
            }
            catch (Exception exception) when (IsOfFile(exception))
            {
                throw new ClusterStartException($"{path}: {exception.Message}", placeOf(name) ?? placeOf("tls"), "the files are PEM: certificate and key of this node, and the authorities of the others", exception);
            }
        }
    }

    /// <summary>Those of a cluster; null where it has no TLS.</summary>
    /// <exception cref="ClusterStartException">A file cannot be read, or is not what it is to be.</exception>
    public static ClusterCertificates? Of(ClusterDefinition definition) => definition.Options.Tls is { } tls ? new ClusterCertificates(tls, definition.PlaceOf) : null;

    /// <summary>What Akka.Remote is given.</summary>
    /// <param name="checked">Told of each certificate whose it is, as Akka names him, and why it was refused; null where it was not.</param>
    public DotNettySslSetup Setup(Action<string, string?> @checked) =>
        new(_own, suppressValidation: false, requireMutualAuthentication: true, (certificate, chain, peer, _, _) =>
        {
            var problem = Problem(certificate, chain);
            @checked(peer, problem);
            return problem is null;
        });

    /// <summary>What is to be said of the certificate at a time: that it ends soon, or is over; null for nothing.</summary>
    public ClusterWarning? Warning(DateTimeOffset now)
    {
        if (_until - now >= Notice) return null;
        var until = _until.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return now <= _until
            ? new ClusterWarning("certificate-ends", _tls.Certificate, $"This node's certificate, {_tls.Certificate}, is valid until {until} only: renew the file, and then start the nodes again, one after the other, since a node takes a new one only when it is started")
            : new ClusterWarning("certificate-over", _tls.Certificate, $"This node's certificate, {_tls.Certificate}, was valid until {until}, and no other node takes a new connection with it: renew the file, and start the node again, since it takes a new one only then");
    }

    /// <summary>Why another node's certificate is refused; null where it is believed.</summary>
    /// <remarks>By whom it is issued decides, and no name: nodes come and go at addresses that nobody knows beforehand.</remarks>
    internal string? Problem(X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null) return "it shows none";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Trusted());
        chain.ChainPolicy.ExtraStore.AddRange(_between);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (var element in sent.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain.Build(certificate)) return null;
        var why = string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
        var what = chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.NotTimeValid) ? "is over, not valid yet, or has an authority of which that is so" : "is not one of the authorities in `tls.trust`";
        return $"{certificate.Subject}, issued by {certificate.Issuer}, {what} ({why.TrimEnd('.')})";
    }

    /// <summary>Those that the file names now, or, as long as it cannot be read, those that it did last.</summary>
    private X509Certificate2Collection Trusted()
    {
        try
        {
            return _trusted = Authorities(_tls.Trust);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            return _trusted;
        }
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        FileKind.RequireFile(path);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
    }

    private static bool IsOfFile(Exception exception) => exception is IOException or UnauthorizedAccessException or CryptographicException;
}
