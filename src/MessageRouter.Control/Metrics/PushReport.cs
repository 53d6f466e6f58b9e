using Microsoft.Extensions.Logging;

namespace MessageRouter.Control.Metrics;

/// <summary>Says that metrics do not arrive: at once, then now and then, and when they do again.</summary>
internal sealed class PushReport(Uri collector, PushProblems problems, ILogger logger, TimeProvider? clock = null)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _saidAt;
    private int _failed;

    /// <remarks>Called by one thread at a time.</remarks>
    public void Tell(bool arrived)
    {
        if (arrived)
        {
            if (_failed > 0) MetricsLog.Arrive(logger, collector, _failed);
            _failed = 0;
            return;
        }
        _failed++;
        if (_failed > 1 && _clock.GetElapsedTime(_saidAt) < Pause) return;
        _saidAt = _clock.GetTimestamp();
        MetricsLog.NotTaken(logger, collector, problems.Last ?? "it has not taken them", _failed);
    }
}

/// <summary>Sees why a request has failed, which the exporter keeps to itself.</summary>
internal sealed class PushProblems : DelegatingHandler
{
    private volatile string? _last;

    /// <summary>What was wrong with the last request; null where that is not known.</summary>
    public string? Last => _last;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(base.Send(request, cancellationToken));
        }
        catch (Exception exception)
        {
            _last = Describe(exception);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception exception)
        {
            _last = Describe(exception);
            throw;
        }
    }

    private HttpResponseMessage Seen(HttpResponseMessage response)
    {
        _last = response.IsSuccessStatusCode ? null : $"it answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return response;
    }

    private static string Describe(Exception exception) =>
        exception is OperationCanceledException ? "it does not answer in time" : exception.GetBaseException().Message.TrimEnd('.');
}
