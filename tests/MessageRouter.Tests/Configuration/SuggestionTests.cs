using MessageRouter.Configuration;

namespace MessageRouter.Tests.Configuration;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("subscribe-dealy", "subscribe-delay")]
    [InlineData("biind", "bind")]
    [InlineData("CONNECT", "connect")]
    [InlineData("lniger", "linger")]
    [InlineData("zeromq", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Finds_the_nearest(string word, string? expected) =>
        Assert.Equal(expected, Suggestion.For(word, ["bind", "connect", "linger", "subscribe", "subscribe-delay"]));

    [Fact]
    public void Prefers_the_fewest_mistakes() => Assert.Equal("match", Suggestion.For("matc", ["mask", "batch", "match"]));
}
