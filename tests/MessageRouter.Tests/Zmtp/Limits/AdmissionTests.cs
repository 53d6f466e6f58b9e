using System.Net;
using MessageRouter.Zmtp.Limits;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp.Limits;

public class AdmissionTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Admission _admission;

    public AdmissionTests() => _admission = new Admission(_clock);

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8", "", true)]
    [InlineData("11.1.2.3", "10.0.0.0/8", "", false)]
    [InlineData("11.1.2.3", "", "", true)]
    [InlineData("10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", false)]
    [InlineData("10.2.2.3", "10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.2.3", "", "10.1.2.3", false)]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8", "", true)]
    [InlineData("::ffff:10.1.2.3", "::/0", "", false)]
    [InlineData("fd00::1", "fd00::/8", "", true)]
    [InlineData("fe80::1%3", "fe80::/10", "", true)]
    [InlineData("fd00::1", "10.0.0.0/8", "", false)]
    [InlineData("192.168.1.1", "10.0.0.0/8 192.168.1.1", "", true)]
    public void Takes_connections_from_where_they_are_allowed_and_not_denied(string address, string allow, string deny, bool isWelcome)
    {
        var limits = new ZmtpLimits { AllowFrom = Networks(allow), DenyFrom = Networks(deny) };

        var refusal = _admission.Enter(Admission.AddressOf(new IPEndPoint(IPAddress.Parse(address), 4711)), limits, out var visit);

        Assert.Equal(isWelcome ? null : Refusals.Address, refusal);
        Assert.Equal(isWelcome, visit is not null);
        Assert.Equal(isWelcome ? 1 : 0, _admission.Addresses);
    }

    [Fact]
    public void A_Unix_domain_socket_has_no_address()
    {
        var limits = new ZmtpLimits { AllowFrom = Networks("10.0.0.0/8"), ConnectionsPerAddress = 1, ConnectionsPerSecond = 1, Connections = 20 };

        for (var i = 0; i < 20; i++) Assert.Null(_admission.Enter(null, limits, out _));

        Assert.Equal(Refusals.Connections, _admission.Enter(null, limits, out _));
        Assert.Equal(0, _admission.Addresses);
    }

    [Fact]
    public void An_address_has_so_many_connections_and_another_one_its_own()
    {
        var limits = new ZmtpLimits { ConnectionsPerAddress = 2, Connections = 4 };
        Assert.Null(Enter("10.0.0.1", limits));
        Assert.Null(_admission.Enter(IPAddress.Parse("10.0.0.1"), limits, out var second));
        Assert.Equal(Refusals.ConnectionsPerAddress, Enter("10.0.0.1", limits));
        Assert.Null(Enter("10.0.0.2", limits));
        Assert.Null(Enter("10.0.0.2", limits));
        Assert.Equal(Refusals.Connections, Enter("10.0.0.3", limits));

        _admission.Left(second!);

        Assert.Null(Enter("10.0.0.1", limits));
    }

    [Fact]
    public void Of_new_connections_so_many_come_in_a_second_and_five_times_as_many_at_once()
    {
        var limits = new ZmtpLimits { ConnectionsPerSecond = 10 };
        Assert.Equal(50, CountEntering("10.0.0.1", limits, 20_000));
        Assert.Equal(Refusals.ConnectionsPerSecond, Enter("10.0.0.1", limits));
        Assert.Null(Enter("10.0.0.2", limits));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, CountEntering("10.0.0.1", limits, 20_000));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(50, CountEntering("10.0.0.1", limits, 20_000));
    }

    [Fact]
    public void The_addresses_of_an_IPv6_network_of_64_bits_count_together()
    {
        var limits = new ZmtpLimits { ConnectionsPerAddress = 1 };
        Assert.Null(Enter("fd00::1", limits));
        Assert.Equal(Refusals.ConnectionsPerAddress, Enter("fd00::ffff:1", limits));
        Assert.Null(Enter("fd00:0:0:1::1", limits));

        // The bits of this one are those of an IPv4 address.
        Assert.Null(Enter("0:0:a00:1::", limits));
        Assert.Null(Enter("10.0.0.1", limits));
    }

    [Fact]
    public void When_too_many_have_not_introduced_themselves_the_oldest_of_the_address_with_the_most_goes()
    {
        var limits = new ZmtpLimits { Handshakes = 4 };
        var gone = new List<string>();
        Begin("honest", "10.0.0.1", limits, gone);
        var introduced = Begin("introduced", "10.0.0.9", limits, gone);
        _admission.Introduced(introduced);
        foreach (var name in (string[])["a", "b", "c"]) Begin(name, "10.0.0.9", limits, gone);
        Assert.Empty(gone);

        Begin("d", "10.0.0.9", limits, gone);
        Begin("honest too", "10.0.0.2", limits, gone);

        Assert.Equal(["a handshakes", "b handshakes"], gone);
    }

    [Fact]
    public void What_is_remembered_of_addresses_is_bounded()
    {
        var limits = new ZmtpLimits { ConnectionsPerSecond = 1 };
        Assert.Null(_admission.Enter(IPAddress.Parse("10.0.0.1"), limits, out _));

        for (var i = 1; i <= 50_000; i++)
        {
            Assert.Null(_admission.Enter(new IPAddress(0x0B000000L + i), limits, out var visit));
            _admission.Left(visit!);
            Assert.InRange(_admission.Addresses, 1, Admission.MostAbsent + 2);
        }

        // Who is there is not forgotten.
        limits = limits with { ConnectionsPerAddress = 1 };
        Assert.Equal(Refusals.ConnectionsPerAddress, Enter("10.0.0.1", limits));
    }

    private string? Enter(string address, ZmtpLimits limits) => _admission.Enter(IPAddress.Parse(address), limits, out _);

    private int CountEntering(string address, ZmtpLimits limits, int tries) => Enumerable.Range(0, tries).Count(_ => Enter(address, limits) is null);

    private Visit Begin(string name, string address, ZmtpLimits limits, List<string> gone)
    {
        Assert.Null(_admission.Enter(IPAddress.Parse(address), limits, out var visit));
        _admission.Begin(visit!, (_, refusal) => gone.Add($"{name} {refusal}"), limits);
        return visit!;
    }

    private static IPNetwork[] Networks(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one =>
    {
        Assert.True(NetworkText.TryParse(one, out var network, out var problem), problem);
        return network;
    })];
}
