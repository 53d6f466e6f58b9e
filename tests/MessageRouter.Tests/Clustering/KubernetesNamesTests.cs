using MessageRouter.Clustering;

namespace MessageRouter.Tests.Clustering;

public class KubernetesNamesTests
{
    [Theory]
    [InlineData("cluster=logs")]
    [InlineData("cluster==logs")]
    [InlineData("cluster = logs, app != canary")]
    [InlineData("app.kubernetes.io/name=message-router")]
    [InlineData("app in (router, edge)")]
    [InlineData("app notin (canary),cluster")]
    [InlineData("!canary")]
    [InlineData("generation>3")]
    [InlineData("cluster=")]
    public void A_selector_is_known(string text) => Assert.True(KubernetesNames.IsSelector(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("cluster=logs,")]
    [InlineData("cluster:logs")]
    [InlineData("cluster=lo gs")]
    [InlineData("cluster=-logs")]
    [InlineData("app in router")]
    [InlineData("app in (router")]
    [InlineData("a/b/c=d")]
    [InlineData("cluster=logs&limit=1")]
    [InlineData("cluster=logs\u0000")]
    [InlineData("cluster=a1234567890123456789012345678901234567890123456789012345678901234")]
    public void What_is_none_is_known(string text) => Assert.False(KubernetesNames.IsSelector(text));

    [Theory]
    [InlineData("default", true)]
    [InlineData("team-1", true)]
    [InlineData("", false)]
    [InlineData("Default", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a.b", false)]
    [InlineData("..", false)]
    [InlineData("a\n", false)]
    public void A_namespace_is_known(string text, bool isOne) => Assert.Equal(isOne, KubernetesNames.IsNamespace(text));
}
