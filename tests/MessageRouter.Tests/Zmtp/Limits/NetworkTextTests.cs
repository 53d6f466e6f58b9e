using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Tests.Zmtp.Limits;

public class NetworkTextTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.7", "10.0.0.7/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("FD00::", "fd00::/128")]
    [InlineData("::/0", "::/0")]
    public void Reads_networks_and_single_addresses(string text, string expected)
    {
        Assert.True(NetworkText.TryParse(text, out var network, out var problem), problem);
        Assert.Equal(expected, network.ToString());
    }

    [Theory]
    [InlineData("", "is no network; write one such as 10.0.0.0/8")]
    [InlineData("localhost", "is no network")]
    [InlineData("10.0.0/8", "is no network")]
    [InlineData("10.0.0.256/32", "is no network")]
    [InlineData("010.0.0.1", "is no network")]
    [InlineData("0x0a.0.0.1", "is no network")]
    [InlineData(" 10.0.0.0/8", "is no network")]
    [InlineData("[fd00::]/8", "is no network")]
    [InlineData("fe80::1%eth0/64", "is no network")]
    [InlineData("10.0.0.0/", "has `` behind the slash, which must be a number of bits from 0 to 32, as in 10.0.0.0/32")]
    [InlineData("10.0.0.0/33", "has `33` behind the slash")]
    [InlineData("10.0.0.0/-1", "has `-1` behind the slash")]
    [InlineData("10.0.0.0/255.0.0.0", "has `255.0.0.0` behind the slash")]
    [InlineData("fd00::/129", "from 0 to 128")]
    [InlineData("10.0.0.7/8", "has bits behind the first 8, so it is not clear what is meant; write 10.0.0.0/8 for the network, or 10.0.0.7 for the one address")]
    [InlineData("fd00::1/64", "write fd00::/64 for the network, or fd00::1 for the one address")]
    [InlineData("::ffff:10.0.0.0/104", "is IPv4 within IPv6, which counts as IPv4 here; write 10.0.0.0/8")]
    public void Says_what_is_wrong_with_the_others_and_what_would_be_right(string text, string problem)
    {
        Assert.False(NetworkText.TryParse(text, out _, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }
}
