using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MessageRouter.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>The files of a cluster's TLS, of a certificate that is its own authority.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public ClusterTlsOptions Options => new() { Certificate = _folder["a.pem"], Key = _folder["a.key"], Trust = _folder["trust.pem"] };

    /// <summary>Writes a certificate of a name into all of them.</summary>
    public void Write(string name, DateTimeOffset until)
    {
        using var certificate = Certificate(name, until);
        File.WriteAllText(Options.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Options.Key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Options.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(Options.Trust, certificate.ExportCertificatePem());
    }

    public static X509Certificate2 Certificate(string name, DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(until.AddDays(-90), until);
    }

    public void Dispose() => _folder.Dispose();
}
