using MessageRouter.Testing.Expectations;

namespace MessageRouter.Tests.Testing;

public class AmountTests
{
    [Theory]
    [InlineData("3", 3, 3)]
    [InlineData(">= 3", 3, long.MaxValue)]
    [InlineData(">3", 4, long.MaxValue)]
    [InlineData("<= 3", 0, 3)]
    [InlineData("< 3", 0, 2)]
    [InlineData("3..5", 3, 5)]
    [InlineData("3 .. 5", 3, 5)]
    public void Is_read(string text, long least, long most)
    {
        Assert.True(Amount.TryParse(text, out var amount));
        Assert.Equal((least, most), (amount.Least, amount.Most));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("5..3")]
    [InlineData(">= 3..5")]
    [InlineData("< 0")]
    [InlineData("9999999999999999")]
    public void What_is_no_amount_is_refused(string text) => Assert.False(Amount.TryParse(text, out _));
}
