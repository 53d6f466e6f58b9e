using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class HoconConvertTests
{
    [Theory]
    [InlineData("200", 2_000_000)]
    [InlineData("200ms", 2_000_000)]
    [InlineData("\" 1.5 s \"", 15_000_000)]
    [InlineData("1 second", 10_000_000)]
    [InlineData("100ns", 1)]
    [InlineData("1000 nanos", 10)]
    [InlineData("5us", 50)]
    [InlineData("5 microseconds", 50)]
    [InlineData("3 millis", 30_000)]
    [InlineData("2m", 1_200_000_000)]
    [InlineData("2 minutes", 1_200_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("0.5 hours", 18_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("2 weeks", 12_096_000_000_000)]
    [InlineData("1e3", 10_000_000)]
    [InlineData("infinite", -10_000)]
    public void Reads_durations(string text, long ticks)
    {
        Assert.True(HoconConvert.TryDuration(Value(text), out var duration, out var problem), problem);
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData("5 apples", "expected a duration such as 200ms, found `5 apples`")]
    [InlineData("5S", "expected a duration such as 200ms, found `5S`")]
    [InlineData("s", "expected a duration such as 200ms, found `s`")]
    [InlineData("1 2 s", "expected a duration such as 200ms, found `1 2 s`")]
    [InlineData("\"\"", "expected a duration such as 200ms, found an empty string")]
    [InlineData("null", "expected a duration such as 200ms, found null")]
    [InlineData("{}", "expected a duration such as 200ms, found an object")]
    [InlineData("[]", "expected a duration such as 200ms, found a list")]
    [InlineData("-5s", "expected a duration that is not negative, found `-5s`")]
    [InlineData("1e30 d", "expected a shorter duration, found `1e30 d`")]
    [InlineData("99999999 weeks", "expected a shorter duration, found `99999999 weeks`")]
    [InlineData("1e99999", "expected a shorter duration, found `1e99999`")]
    public void Says_what_is_no_duration(string text, string expected)
    {
        Assert.False(HoconConvert.TryDuration(Value(text), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10B", 10)]
    [InlineData("1 byte", 1)]
    [InlineData("10kB", 10_000)]
    [InlineData("10 kilobytes", 10_000)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("128K", 131_072)]
    [InlineData("128k", 131_072)]
    [InlineData("1Ki", 1024)]
    [InlineData("1KiB", 1024)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("16MiB", 16_777_216)]
    [InlineData("1 mebibyte", 1_048_576)]
    [InlineData("1m", 1_048_576)]
    [InlineData("2g", 2_147_483_648)]
    [InlineData("1 gigabyte", 1_000_000_000)]
    [InlineData("1TB", 1_000_000_000_000)]
    [InlineData("1P", 1_125_899_906_842_624)]
    [InlineData("1E", 1_152_921_504_606_846_976)]
    [InlineData("0.000001 ZB", 1_000_000_000_000_000)]
    public void Reads_sizes(string text, long bytes)
    {
        Assert.True(HoconConvert.TrySize(Value(text), out var size, out var problem), problem);
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("5x", "expected a size such as 16MiB, found `5x`")]
    [InlineData("5KB", "expected a size such as 16MiB, found `5KB`")]
    [InlineData("5 kiB", "expected a size such as 16MiB, found `5 kiB`")]
    [InlineData("-1k", "expected a size that is not negative, found `-1k`")]
    [InlineData("1YiB", "expected a smaller size, found `1YiB`")]
    [InlineData("9E", "expected a smaller size, found `9E`")]
    [InlineData("null", "expected a size such as 16MiB, found null")]
    public void Says_what_is_no_size(string text, string expected)
    {
        Assert.False(HoconConvert.TrySize(Value(text), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("on", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    [InlineData("maybe", null)]
    [InlineData("null", null)]
    [InlineData("1", null)]
    public void Reads_booleans(string text, bool? expected) =>
        Assert.Equal(expected, HoconConvert.TryBoolean(Value(text), out var value, out _) ? value : null);

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("\"5\"", 5L)]
    [InlineData("-5", -5L)]
    [InlineData("1e3", 1000L)]
    [InlineData("2.0", 2L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1.5", null)]
    [InlineData("0x10", null)]
    [InlineData("abc", null)]
    public void Reads_whole_numbers(string text, long? expected) =>
        Assert.Equal(expected, HoconConvert.TryInt64(Value(text), out var value, out _) ? value : null);

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-1e-3", -0.001)]
    [InlineData("1e999", null)]
    [InlineData("NaN", null)]
    public void Reads_numbers(string text, double? expected) =>
        Assert.Equal(expected, HoconConvert.TryDouble(Value(text), out var value, out _) ? value : null);

    [Theory]
    [InlineData("x", "x")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    public void Reads_strings(string text, string? expected) =>
        Assert.Equal(expected, HoconConvert.TryString(Value(text), out var value, out _) ? value : null);

    [Theory]
    [InlineData("[a, b]", "a b")]
    [InlineData("[]", "")]
    [InlineData("{ 2 = c, 10 = d, x = y, 0 = a }", "a c d")]
    [InlineData("{ x = y }", null)]
    [InlineData("{}", null)]
    [InlineData("a", null)]
    public void Reads_lists(string text, string? expected) => Assert.Equal(
        expected,
        HoconConvert.TryArray(Value(text), out var items, out _) ? string.Join(' ', items.Cast<HoconScalar>().Select(item => item.Text)) : null);

    private static HoconValue Value(string text) => Read.Text("a = " + text).Root.Fields[0].Value;
}
