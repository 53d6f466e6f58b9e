using System.Text;
using System.Text.Json;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Controlling.Reports;

/// <summary>How a node is, as it says itself.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Live">Whether it is to be left running.</param>
/// <param name="Ready">Whether it takes messages.</param>
/// <param name="Findings">What is wrong.</param>
internal sealed record NodeHealth(string Status, bool Live, bool Ready, IReadOnlyList<NodeHealth.Finding> Findings)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="CommandException">It is none.</exception>
    public static NodeHealth Of(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize<NodeHealth>(json, Json) is { Status: not null } health) return health with { Findings = health.Findings ?? [] };
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw CommandException.Unavailable("what the node says of its health is not what this version knows.");
    }

    /// <summary>For people.</summary>
    public string Print()
    {
        var text = new StringBuilder(Status);
        if (!Live) text.Append(", not live");
        if (!Ready) text.Append(", not ready");
        text.Append('\n');
        foreach (var finding in Findings)
        {
            text.Append('\n').Append(SafeText.Of(finding.Component)).Append(" is ").Append(finding.Severity).Append(": ").Append(SafeText.Of(finding.Symptom)).Append('\n');
            if (finding.Meaning is { Length: > 0 } meaning) text.Append("  it means  ").Append(SafeText.Of(meaning)).Append('\n');
            if (finding.Action is { Length: > 0 } action) text.Append("  to do     ").Append(SafeText.Of(action)).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>One thing that is wrong.</summary>
    internal sealed record Finding(string Component, string Severity, string Symptom, string? Meaning, string? Action);
}
