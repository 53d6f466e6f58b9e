using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;

namespace MessageRouter.Tests.Clustering;

/// <summary>The files of a cluster's TLS, as they are found when a node starts, and later.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddDays(30);

    private readonly CertificateFiles _files = new();

    public ClusterCertificatesTests() => _files.Write("a", Until);

    [Fact]
    public void They_are_taken_where_the_key_is_the_nodes_alone() => Assert.NotNull(Read());

    [Fact]
    public void A_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_files.Options.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal($"the node cannot be one of its cluster: others than its owner may read or change `{_files.Options.Key}`", Assert.Throws<ClusterStartException>(Read).Message);
    }

    [Theory]
    [InlineData("a.key", "no key")]
    [InlineData("a.pem", "no certificate")]
    [InlineData("trust.pem", "no authority")]
    public void What_is_something_else_is_said(string file, string content)
    {
        File.WriteAllText(PathOf(file), content);

        Assert.StartsWith("the node cannot be one of its cluster: ", Assert.Throws<ClusterStartException>(Read).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.key")]
    [InlineData("a.pem")]
    [InlineData("trust.pem")]
    public void What_is_not_there_is_said(string file)
    {
        File.Delete(PathOf(file));

        Assert.Contains(PathOf(file), Assert.Throws<ClusterStartException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_is_written_into_the_file_later_is_believed_and_one_that_is_taken_out_no_more()
    {
        using var other = CertificateFiles.Certificate("other", Until);
        var certificates = Read();
        Assert.StartsWith("CN=other, issued by CN=other, is not one of the authorities in `tls.trust` (", certificates.Problem(other, null), StringComparison.Ordinal);
        var first = File.ReadAllText(_files.Options.Trust);

        File.WriteAllText(_files.Options.Trust, other.ExportCertificatePem());
        Assert.Null(certificates.Problem(other, null));

        File.WriteAllText(_files.Options.Trust, first);
        Assert.NotNull(certificates.Problem(other, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(null)]
    public void As_long_as_that_file_cannot_be_used_those_are_believed_that_were_last(string? content)
    {
        using var other = CertificateFiles.Certificate("other", Until);
        var certificates = Read();
        File.WriteAllText(_files.Options.Trust, other.ExportCertificatePem());
        Assert.Null(certificates.Problem(other, null));

        if (content is null) File.Delete(_files.Options.Trust);
        else File.WriteAllText(_files.Options.Trust, content);

        Assert.Null(certificates.Problem(other, null));
    }

    [Fact]
    public void Of_a_certificate_that_is_over_that_is_said_and_not_that_it_is_a_strangers()
    {
        using var over = CertificateFiles.Certificate("other", Until.AddDays(-40));
        File.WriteAllText(_files.Options.Trust, over.ExportCertificatePem());

        Assert.StartsWith("CN=other, issued by CN=other, is over, not valid yet, or has an authority of which that is so (", Read().Problem(over, null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_week_before_its_end_it_is_said_that_it_ends_and_then_that_it_is_over()
    {
        var end = new DateTimeOffset(2030, 5, 17, 10, 30, 0, TimeSpan.Zero);
        _files.Write("a", end);
        var certificates = Read();

        Assert.Null(certificates.Warning(end.AddDays(-7)));
        Assert.Equal(
            new ClusterWarning(
                "certificate-ends", _files.Options.Certificate,
                $"This node's certificate, {_files.Options.Certificate}, is valid until 2030-05-17 10:30 UTC only: renew the file, and then start the nodes again, one after the other, since a node takes a new one only when it is started"),
            certificates.Warning(end.AddDays(-7).AddSeconds(1)));
        Assert.Equal("certificate-ends", certificates.Warning(end)!.Kind);
        Assert.Equal(
            new ClusterWarning(
                "certificate-over", _files.Options.Certificate,
                $"This node's certificate, {_files.Options.Certificate}, was valid until 2030-05-17 10:30 UTC, and no other node takes a new connection with it: renew the file, and start the node again, since it takes a new one only then"),
            certificates.Warning(end.AddSeconds(1)));
    }

    [Fact]
    public void One_between_it_and_its_authority_that_ends_before_it_counts()
    {
        using var between = CertificateFiles.Certificate("between", Until.AddDays(-25));
        File.AppendAllText(_files.Options.Certificate, '\n' + between.ExportCertificatePem());

        Assert.Equal("certificate-ends", Read().Warning(Until.AddDays(-30))!.Kind);
    }

    public void Dispose() => _files.Dispose();

    private ClusterCertificates Read() => ClusterCertificates.Of(new ClusterDefinition(new ClusterOptions { Name = "logs", SeedNodes = [], Tls = _files.Options }))!;

    private string PathOf(string file) => Path.Combine(Path.GetDirectoryName(_files.Options.Certificate)!, file);
}
