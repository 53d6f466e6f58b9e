using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Limits;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Zmtp.Limits;

public class PeerRateTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void There_is_none_where_nothing_is_said() => Assert.Null(PeerRate.Of(ZmtpLimits.Default, _clock));

    [Fact]
    public void Who_waits_gets_a_second_s_worth_at_once_and_then_as_much_a_second()
    {
        var rate = PeerRate.Of(new ZmtpLimits { MessagesPerSecond = 100 }, _clock)!;
        Assert.Equal(100, rate.Most(512));
        Assert.Equal(80, rate.Take(Messages(80)));
        Assert.Null(rate.Pause());
        Assert.Equal(20, rate.Most(512));
        rate.Take(Messages(20));

        var taken = 0;
        var waited = TimeSpan.Zero;
        while (waited < TimeSpan.FromSeconds(60))
        {
            var pause = rate.Pause();
            Assert.InRange(pause!.Value.TotalMilliseconds, 1, 1000);
            _clock.Advance(pause.Value);
            waited += pause.Value;
            Assert.Null(rate.Pause());
            var most = rate.Most(512);
            Assert.InRange(most, 1, 10);
            taken += rate.Take(Messages(most));
        }

        Assert.InRange(taken, 5990, 6010);
    }

    [Fact]
    public void Bytes_that_were_read_are_waited_for_too()
    {
        var rate = PeerRate.Of(new ZmtpLimits { BytesPerSecond = 1000 }, _clock)!;
        rate.Read(61_000);

        for (var second = 0; second < 60; second++)
        {
            Assert.Equal(1, rate.Pause()!.Value.TotalSeconds, tolerance: 0.001);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(rate.Pause());
        Assert.Equal(512, rate.Most(512));
    }

    [Fact]
    public void What_is_to_be_dropped_is_what_comes_last()
    {
        var rate = PeerRate.Of(new ZmtpLimits { MessagesPerSecond = 10, OverRate = RateExcess.Drop }, _clock)!;
        Assert.Equal(512, rate.Most(512));
        Assert.Equal(10, rate.Take(Messages(30)));
        Assert.Equal(0, rate.Take(Messages(1)));
        Assert.Null(rate.Pause());

        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(5, rate.Take(Messages(30)));
    }

    [Fact]
    public void A_message_that_is_larger_than_a_second_s_worth_of_bytes_comes_and_is_paid_for()
    {
        var rate = PeerRate.Of(new ZmtpLimits { BytesPerSecond = 1000, OverRate = RateExcess.Drop }, _clock)!;
        Assert.Equal(1, rate.Take(Messages(2, size: 3000)));
        Assert.Equal(0, rate.Take(Messages(1)));

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, rate.Take(Messages(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, rate.Take(Messages(2, size: 1000)));
    }

    private static ZmtpBatch Messages(int count, int size = 1) => new([.. Enumerable.Range(0, count).Select(_ => new ZmtpMessage(new byte[size]))]);
}
