using MessageRouter.Monitoring;

namespace MessageRouter.Tests.Monitoring;

public class CounterSeriesTests
{
    private readonly CounterSeries _series = new();

    [Fact]
    public void Says_nothing_of_what_it_has_not_seen()
    {
        Assert.Equal(0, _series.RateOver(1));
        Assert.Empty(_series.Plot());
        Assert.Null(_series.SecondsSince(5));

        _series.Add(100);
        Assert.Equal(0, _series.RateOver(60));
    }

    [Fact]
    public void Measures_over_as_long_as_is_asked_or_as_there_is()
    {
        Add(0, 10, 30, 60);

        Assert.Equal([30, 20, 20], new[] { 1, 3, 60 }.Select(_series.RateOver));
    }

    [Fact]
    public void Keeps_a_minute_in_seconds_and_ten_minutes_in_steps_of_ten()
    {
        for (var second = 0; second <= 3600; second++) _series.Add(second < 3000 ? second * 5L : 15_000 + ((second - 3000) * 20L));

        Assert.Equal(20, _series.RateOver(60));
        var plot = _series.Plot();
        Assert.Equal(60, plot.Length);
        Assert.All(plot, rate => Assert.Equal(20, rate));
    }

    [Fact]
    public void A_plot_begins_with_the_first_whole_step()
    {
        for (var second = 0; second <= 25; second++) _series.Add(second);

        Assert.Equal([1, 1], _series.Plot());
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(45, 0.5)]
    [InlineData(30, 1)]
    [InlineData(20, 1.5)]
    [InlineData(0, 3)]
    public void Tells_when_it_was_at_a_value(long value, double seconds)
    {
        Add(0, 10, 30, 60);

        Assert.Equal(seconds, _series.SecondsSince(value));
    }

    [Fact]
    public void Tells_of_longer_ago_to_ten_seconds_and_then_not_any_more()
    {
        for (var second = 0; second <= 1000; second++) _series.Add(second);

        Assert.InRange(_series.SecondsSince(700)!.Value, 300, 310);
        Assert.Null(_series.SecondsSince(100));
    }

    private void Add(params long[] values)
    {
        foreach (var value in values) _series.Add(value);
    }
}
