using MessageRouter.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Ledger;

public class RateMeterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RateMeter _meter;

    public RateMeterTests() => _meter = new RateMeter(_clock);

    [Fact]
    public void Is_zero_before_any_time_has_passed()
    {
        _meter.Add(10);

        Assert.Equal(0, _meter.PerSecond);
    }

    [Fact]
    public void Counts_from_the_beginning_while_that_is_recent()
    {
        _meter.Add(10);
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(2.5, _meter.PerSecond);
    }

    [Fact]
    public void Remembers_the_window_before()
    {
        _meter.Add(50);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _meter.Add(10);

        Assert.Equal(10, _meter.PerSecond);
    }

    [Fact]
    public void Forgets_what_is_older()
    {
        _meter.Add(50);
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(0, _meter.PerSecond);
    }
}
