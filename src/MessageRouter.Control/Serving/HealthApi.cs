using MessageRouter.Monitoring.Health;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>How the node is: <c>/v1/health</c> for people, <c>/livez</c> and <c>/readyz</c> for whoever restarts it or sends it messages.</summary>
internal sealed class HealthApi(RouterNode node, StatusCache statuses)
{
    /// <summary>How long the node's actors may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IResult> Health() => Results.Text(ControlJson.Write(Report() with { Live = await node.AnswersAsync(Patience) }), "application/json");

    public async Task<IResult> Live() => await node.AnswersAsync(Patience)
        ? Results.Text("live\n")
        : Results.Text($"The node's actors have not answered for {Patience.TotalSeconds:0} s.\n", statusCode: StatusCodes.Status503ServiceUnavailable);

    public IResult Ready()
    {
        var report = Report();
        if (report.Ready) return Results.Text("ready\n");
        var why = report.Findings.Where(finding => finding.Severity == "unhealthy" || finding.Component == "router").Select(finding => $"{finding.Component}: {finding.Symptom}").ToList();
        return Results.Text(string.Join('\n', why.Count > 0 ? why : [$"The node is {statuses.Status.State}."]) + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private HealthReport Report() => HealthRules.Judge(statuses.Status, node.Thresholds);
}
