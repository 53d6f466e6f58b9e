using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MessageRouter.Control;
using MessageRouter.Control.Listening;
using MessageRouter.Tests.Support;

namespace MessageRouter.Tests.Control;

/// <summary>The control endpoint over TLS, with certificates as files have them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlTlsTests : IAsyncLifetime
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _authority = Authority("An authority");
    private TestNode _node = null!;
    private ControlEndpoint? _endpoint;

    public async Task InitializeAsync() => _node = await TestNode.StartChainAsync(new ProbeSource().Input(), Some.Component<NodeStatusTestsFilter>("f"));

    public async Task DisposeAsync()
    {
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        await _node.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_shows_its_certificate_and_speaks_http_2()
    {
        Open(new TlsOptions { Certificate = "cert.pem", Key = "key.pem" });
        using var client = Client(null);

        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/readyz") { Version = HttpVersion.Version20 });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        using var plain = new HttpClient { BaseAddress = new UriBuilder(client.BaseAddress!) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync("/readyz"));
    }

    [Fact]
    public async Task With_an_authority_only_those_are_answered_who_have_a_certificate_of_it()
    {
        File.WriteAllText(_folder["ca.pem"], _authority.ExportCertificatePem());
        Open(new TlsOptions { Certificate = "cert.pem", Key = "key.pem", ClientAuthority = "ca.pem" });
        using var stranger = Authority("A stranger");

        await RefusedAsync(null);
        await RefusedAsync(Issue(stranger, "CN=operator", ForClients));
        await RefusedAsync(Issue(_authority, "CN=server", ForServers));
        await RefusedAsync(Issue(_authority, "CN=operator", ForClients, until: Now.AddMinutes(-1)));

        using var client = Client(Issue(_authority, "CN=operator", ForClients));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/status")).StatusCode);

        // It says who reads, not who may change.
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/v1/stop", null)).StatusCode);

        async Task RefusedAsync(X509Certificate2? certificate)
        {
            using var refused = Client(certificate);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => refused.GetAsync("/v1/status"));
        }
    }

    [Theory]
    [InlineData("cert.pem", "other.pem", "`{0}cert.pem`: ")]
    [InlineData("none.pem", "key.pem", "`{0}none.pem`: ")]
    [InlineData("cert.pem", "open.pem", "others than its owner may read or change `{0}open.pem`")]
    public void What_is_no_pair_of_certificate_and_key_is_refused_at_the_start(string certificate, string key, string problem)
    {
        File.WriteAllText(_folder["open.pem"], "");
        Write("other.pem", RSA.Create(2048).ExportPkcs8PrivateKeyPem());

        var refusal = Assert.Throws<ControlStartException>(() => Open(new TlsOptions { Certificate = certificate, Key = key }));

        Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, problem, _folder.Path + "/"), refusal.Message, StringComparison.Ordinal);
    }

    private void Open(TlsOptions tls)
    {
        using var server = Issue(_authority, "CN=localhost", ForServers);
        File.WriteAllText(_folder["cert.pem"], server.ExportCertificatePem());
        Write("key.pem", server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        tls = tls with { Certificate = _folder[tls.Certificate], Key = _folder[tls.Key], ClientAuthority = tls.ClientAuthority.Length == 0 ? "" : _folder[tls.ClientAuthority] };
        var options = new ControlOptions { Socket = "off", Http = new HttpControlOptions { Bind = "127.0.0.1:0", Tls = tls } };
        _endpoint = new ControlEndpoint(_node.Node, new ControlDefinition { Options = options }, _node.Log.CreateLogger("control"), _node.Clock);
        _endpoint.Open();
    }

    private void Write(string name, string secret)
    {
        File.WriteAllText(_folder[name], secret);
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private HttpClient Client(X509Certificate2? certificate) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Issuer == _authority.Subject && shown.Subject == "CN=localhost",
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        },
    })
    { BaseAddress = new Uri(_node.Log.Lines.Last(line => line.Text.StartsWith("The node can be looked at: https://", StringComparison.Ordinal)).Text["The node can be looked at: ".Length..]) };

    private static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest($"CN={name}", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string subject, Oid use, DateTimeOffset? until = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], false));
        using var certificate = request.Create(authority, Now.AddDays(-1), until ?? Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
