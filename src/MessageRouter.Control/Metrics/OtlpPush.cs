using MessageRouter.Monitoring;
using MessageRouter.Routing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MessageRouter.Control.Metrics;

/// <summary>Pushes the node's metrics by OTLP, on a thread of the exporter's own.</summary>
internal sealed class OtlpPush
{
    /// <summary>What the last push may take.</summary>
    private static readonly TimeSpan LastPush = TimeSpan.FromSeconds(2);

    /// <summary>What each other may take.</summary>
    private static readonly TimeSpan LongestPush = TimeSpan.FromSeconds(10);

    private readonly MeterProvider _provider;
    private readonly Uri _collector;
    private readonly ILogger _logger;

    private OtlpPush(MeterProvider provider, Uri collector, ILogger logger) => (_provider, _collector, _logger) = (provider, collector, logger);

    /// <returns>Null where it cannot be done; that is logged, and the node goes on.</returns>
    public static OtlpPush? Start(RouterNode node, OtlpOptions options, IReadOnlyList<(string Name, string Value)> headers, ILogger logger)
    {
        try
        {
            var problems = new PushProblems();
            var patience = options.Interval < LongestPush ? options.Interval : LongestPush;
            var exporter = new TellingExporter(
                new OtlpExporterOptions
                {
                    Endpoint = options.Endpoint,
                    Protocol = options.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
                    Headers = "",
                    TimeoutMilliseconds = (int)patience.TotalMilliseconds,
                    HttpClientFactory = () => Client(problems, headers, patience),
                },
                new PushReport(options.Endpoint, problems, logger));
            var provider = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService("message-router", serviceVersion: StatusReader.Version, serviceInstanceId: $"{node.Definition.Name}-{Environment.ProcessId}"))
                .AddNode(node.Meter!)
                .AddReader(new PeriodicExportingMetricReader(exporter, (int)Math.Min(options.Interval.TotalMilliseconds, int.MaxValue), (int)patience.TotalMilliseconds))
                .Build();
            return new OtlpPush(provider, options.Endpoint, logger);
        }
        catch (Exception exception)
        {
            MetricsLog.NotPushed(logger, options.Endpoint, exception);
            return null;
        }
    }

    /// <summary>Pushes what has been counted up to now, and no more after that.</summary>
    public Task EndAsync() => Task.Factory.StartNew(
        () =>
        {
            // Where the collector does not answer, its disposal would wait again; the exporter's thread ends with the process.
            if (_provider.Shutdown((int)LastPush.TotalMilliseconds)) _provider.Dispose();
            else MetricsLog.LastNotTaken(_logger, _collector);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <remarks>A redirection would take the headers, which may be secret, elsewhere.</remarks>
    private static HttpClient Client(PushProblems problems, IReadOnlyList<(string Name, string Value)> headers, TimeSpan patience)
    {
        problems.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var client = new HttpClient(problems) { Timeout = patience, MaxResponseContentBufferSize = 1 << 20 };
        foreach (var (name, value) in headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    /// <summary>Tells whether a push has arrived; the standard exporter tells only an event source.</summary>
    private sealed class TellingExporter(OtlpExporterOptions options, PushReport report) : OtlpMetricExporter(options)
    {
        public override ExportResult Export(in Batch<Metric> metrics)
        {
            var result = base.Export(metrics);
            report.Tell(result == ExportResult.Success);
            return result;
        }
    }
}
