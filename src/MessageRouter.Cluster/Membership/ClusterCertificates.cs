using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;
using MessageRouter.Clustering;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Zmtp;

namespace MessageRouter.Cluster.Membership;

/// <summary>The node's certificate, and whose others are believed.</summary>
internal sealed class ClusterCertificates
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _between = [];
    private readonly X509Certificate2Collection _trusted = [];

    /// <exception cref="ClusterStartException">A file cannot be read, or is not what it is to be.</exception>
    private ClusterCertificates(ClusterTlsOptions tls, Func<string, Configuration.SourceSpan?> placeOf)
    {
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
        Read("tls.trust", tls.Trust, () =>
        {
            FileKind.RequireFile(tls.Trust);
            _trusted.ImportFromPemFile(tls.Trust);
            return _trusted.Count > 0 ? _trusted : throw new CryptographicException("there is no certificate in it");
        });

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
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new ClusterStartException($"{path}: {exception.Message}", placeOf(name) ?? placeOf("tls"), "the files are PEM: certificate and key of this node, and the authorities of the others", exception);
            }
        }
    }

    /// <summary>Those of a cluster; null where it has no TLS.</summary>
    /// <exception cref="ClusterStartException">A file cannot be read, or is not what it is to be.</exception>
    public static ClusterCertificates? Of(ClusterDefinition definition) => definition.Options.Tls is { } tls ? new ClusterCertificates(tls, definition.PlaceOf) : null;

    /// <summary>What Akka.Remote is given.</summary>
    /// <param name="refused">Told why a certificate was refused.</param>
    public DotNettySslSetup Setup(Action<string> refused) =>
        new(_own, suppressValidation: false, requireMutualAuthentication: true, (certificate, chain, _, _, _) =>
        {
            if (Problem(certificate, chain) is not { } problem) return true;
            refused(problem);
            return false;
        });

    /// <remarks>By whom it is issued decides, and no name: nodes come and go at addresses that nobody knows beforehand.</remarks>
    private string? Problem(X509Certificate2? certificate, X509Chain? sent)
    {
        if (certificate is null) return "it shows none";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        chain.ChainPolicy.ExtraStore.AddRange(_between);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (var element in sent.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain.Build(certificate)) return null;
        var why = string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
        return $"{certificate.Subject}, issued by {certificate.Issuer}, is not one of the authorities in `tls.trust` ({why.TrimEnd('.')})";
    }
}
