using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Curve;

public class CurveSecurityTests
{
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
