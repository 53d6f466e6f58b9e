using MessageRouter.Clustering;
using MessageRouter.Reloading;

namespace MessageRouter.Tests.Clustering;

public sealed class ReloadConsentTests
{
    [Theory]
    [InlineData("none", false, "b does not let others have it reload: its `router.cluster.control` is `none`")]
    [InlineData("none", true, "b takes no configuration from others: its `router.cluster.control` is `none`, not `configure`")]
    [InlineData("reload", false, null)]
    [InlineData("reload", true, "b takes no configuration from others: its `router.cluster.control` is `reload`, not `configure`")]
    [InlineData("configure", false, null)]
    [InlineData("configure", true, null)]
    public void Files_are_taken_only_where_that_is_said(string control, bool brings, string? problem)
    {
        foreach (var plan in (bool[])[true, false])
            Assert.Equal(problem, ReloadConsent.Problem("b", Enum.Parse<ClusterControl>(control, ignoreCase: true), new MemberReloadRequest(plan) { Files = brings ? [new BroughtFile("new.conf", "")] : null }));
    }
}
