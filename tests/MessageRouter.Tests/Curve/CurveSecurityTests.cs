using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Curve;

public class CurveSecurityTests
{
    [Fact]
    public void Clients_with_the_same_keys_for_the_same_server_are_equal_and_servers_are_not()
    {
        using var keys = CurveKeys.Generate();
        using var others = CurveKeys.Generate();
        var client = CurveSecurity.Client(keys, others.PublicKey);
        var peers = CurvePeers.Any;

        Assert.Equal(client, CurveSecurity.Client(keys, others.PublicKey));
        Assert.Equal(client.GetHashCode(), CurveSecurity.Client(keys, others.PublicKey).GetHashCode());
        Assert.NotEqual(client, CurveSecurity.Client(others, others.PublicKey));
        Assert.NotEqual(client, CurveSecurity.Client(keys, keys.PublicKey));
        Assert.NotEqual<ZmtpSecurity>(client, PlainSecurity.Client("a", "b"));
        Assert.NotEqual(CurveSecurity.Server(keys, peers), CurveSecurity.Server(keys, peers));

        // Who has wiped keys cannot go on in place of somebody who has them.
        var again = CurveSecurity.Client(keys, others.PublicKey);
        keys.Dispose();
        Assert.NotEqual(client, again);
    }

    /// <summary>Two nodes may trust each other in both directions: what a peer is on one connection says nothing of another.</summary>
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    public void Who_is_taken_off_the_list_may_not_stay_though_he_is_the_server_of_another_connection(bool accepted, bool isOnList, bool mayStay)
    {
        using var ours = CurveKeys.Generate();
        using var other = CurveKeys.Generate();
        using var somebody = CurveKeys.Generate();
        var list = CurvePeers.FromKeys([isOnList ? other.PublicKey : somebody.PublicKey]);
        var security = CurveSecurity.Both(ours, list, other.PublicKey);

        Assert.Equal(mayStay, security.StillAllows(new PeerIdentity { Mechanism = SecurityMechanism.Curve, PublicKey = other.PublicKey }, accepted));
    }
}
