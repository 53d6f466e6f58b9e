using MessageRouter.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// Where .NET has what is called on a host's health checks.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A router node among the health checks of its host.</summary>
public static class ControlHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the node that <c>AddMessageRouter</c> has added: healthy, degraded or unhealthy by the thresholds of its block <c>control.health</c>, with
    /// every finding's symptom, meaning and action in the result's data, by component.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">Its tags.</param>
    public static IHealthChecksBuilder AddMessageRouter(this IHealthChecksBuilder builder, string name = "message-router", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, services => new Check(services.GetRequiredService<RouterNode>()), failureStatus: null, tags));
    }

    private sealed class Check(RouterNode node) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var report = node.Health();
            var status = report.Status switch
            {
                "healthy" => HealthStatus.Healthy,
                "degraded" => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
            var data = report.Findings.GroupBy(finding => finding.Component)
                .ToDictionary(findings => findings.Key, object (findings) => string.Join('\n', findings.Select(finding => $"{finding.Symptom} {finding.Meaning} {finding.Action}")));
            return Task.FromResult(new HealthCheckResult(status, report.Findings.Count == 0 ? null : $"{report.Findings[0].Component}: {report.Findings[0].Symptom}", data: data));
        }
    }
}
