using MessageRouter.Components;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Components;

public class LogThrottleTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Lets_one_line_a_second_through_and_says_how_many_were_left_out()
    {
        var throttle = new LogThrottle(_clock);

        for (var line = 1; line <= 3; line++) Write(throttle, line);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Write(throttle, 4);

        Assert.Equal(["1", "4 (2 more since the last report)"], _lines);
    }

    [Fact]
    public void Lets_as_many_lines_through_at_once_as_the_burst_allows()
    {
        var throttle = new LogThrottle(_clock, burst: 3);

        for (var line = 1; line <= 5; line++) Write(throttle, line);
        _clock.Advance(TimeSpan.FromSeconds(2));
        for (var line = 6; line <= 8; line++) Write(throttle, line);

        Assert.Equal(["1", "2", "3", "6 (2 more since the last report)", "7"], _lines);
    }

    private void Write(LogThrottle throttle, int line) => throttle.Write(suppressed => _lines.Add($"{line}{suppressed}"));
}
