using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Clustering;

/// <summary>The files of a cluster's TLS, as they are found when a node starts.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ClusterCertificatesTests()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(_folder["a.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["a.key"], key.ExportPkcs8PrivateKeyPem());
        Only(_folder["a.key"]);
    }

    [Fact]
    public void They_are_taken_where_the_key_is_the_nodes_alone() => Assert.NotNull(Read());

    [Fact]
    public void A_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder["a.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal($"the node cannot be one of its cluster: others than its owner may read or change `{_folder["a.key"]}`", Assert.Throws<ClusterStartException>(Read).Message);
    }

    [Theory]
    [InlineData("a.key", "no key")]
    [InlineData("a.pem", "no certificate")]
    [InlineData("trust.pem", "no authority")]
    public void What_is_something_else_is_said(string file, string content)
    {
        File.WriteAllText(_folder[file], content);
        if (file == "a.key") Only(_folder[file]);

        Assert.StartsWith("the node cannot be one of its cluster: ", Assert.Throws<ClusterStartException>(Read).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.key")]
    [InlineData("a.pem")]
    public void What_is_not_there_is_said(string file)
    {
        File.Delete(_folder[file]);

        Assert.Contains(_folder[file], Assert.Throws<ClusterStartException>(Read).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private object? Read()
    {
        var trust = File.Exists(_folder["trust.pem"]) ? _folder["trust.pem"] : _folder["a.pem"];
        return ClusterCertificates.Of(new ClusterDefinition(new ClusterOptions { Name = "logs", SeedNodes = [], Tls = new ClusterTlsOptions { Certificate = _folder["a.pem"], Key = _folder["a.key"], Trust = trust } }));
    }

    private static void Only(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
