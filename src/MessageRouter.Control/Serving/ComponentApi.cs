using System.Text;
using MessageRouter.Configuration;
using MessageRouter.Monitoring;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>One component more closely: <c>/v1/components/NAME</c>.</summary>
internal sealed class ComponentApi(RouterNode node, StatusCache statuses)
{
    /// <summary>Characters of a block that are shown.</summary>
    private const int LongestBlock = 20_000;

    public IResult Component(string name)
    {
        if (node.Topology.Counted.FirstOrDefault(cell => cell.Name == name) is not { } cell) return Problem.Of(StatusCodes.Status404NotFound, "The node has no such component; /v1/status names all.");
        var plots = node.History.Of(cell, series => series is null
            ? new Plots(CounterSeries.Coarse, [], [], [], [])
            : new Plots(CounterSeries.Coarse, series.In.Plot(), series.Out.Plot(), series.Dropped.Plot(), series.Failed.Plot()));
        var errors = cell.RecentErrors.All.Select(error => new FailedMessage(error.Time, error.Problem, Encoding.UTF8.GetString(error.Payload)));
        var detail = new ComponentDetail(statuses.Status.Components.First(component => component.Name == name), Block(cell.Definition.Origin), plots, [.. errors]);
        return Results.Text(ControlJson.Write(detail), "application/json");
    }

    /// <summary>The text from a block's name to its closing brace, as it stands in the file.</summary>
    private static string? Block(SourceSpan? origin)
    {
        if (origin is null) return null;
        var text = origin.Source.Text;
        var begin = origin.Source.Lines.Offset(origin.Line, origin.Column);
        var end = BlockEnd.Of(text, begin);
        var block = text[begin..Math.Min(end, begin + LongestBlock)];
        return SecretText.Hide(end > begin + LongestBlock ? block + "…" : block);
    }
}
