using MessageRouter.Control.Metrics;
using MessageRouter.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Control;

public class PushReportTests
{
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_collector_that_is_away_is_said_at_once_then_now_and_then_and_when_it_is_back()
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        using var problems = new PushProblems();
        var report = new PushReport(new Uri("http://collector:4318/v1/metrics"), problems, loggers.CreateLogger("control"), _clock);

        for (var i = 0; i < 20; i++) report.Tell(arrived: false);
        Assert.Equal(1, Warnings());
        _clock.Advance(PushReport.Pause);
        for (var i = 0; i < 20; i++) report.Tell(arrived: false);
        Assert.Equal(2, Warnings());
        report.Tell(arrived: true);
        report.Tell(arrived: true);

        Assert.EndsWith("again; pushes that had failed: 40.", Assert.Single(_log.Lines, line => line.Level == LogLevel.Information).Text, StringComparison.Ordinal);
        Assert.Contains("failed in a row: 21;", _log.Lines.Last(line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
        report.Tell(arrived: false);
        Assert.Equal(3, Warnings());

        int Warnings() => _log.Lines.Count(line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Why_a_push_has_failed_is_seen_in_its_request()
    {
        using var problems = new PushProblems { InnerHandler = new SocketsHttpHandler() };
        using var client = new HttpMessageInvoker(problems, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1/v1/metrics");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, CancellationToken.None));

        Assert.Contains("refused", problems.Last!, StringComparison.OrdinalIgnoreCase);
    }
}
