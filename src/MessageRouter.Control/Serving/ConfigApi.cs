using System.Text.Json.Nodes;
using MessageRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>The configuration that is in force: <c>/v1/config</c>.</summary>
internal sealed class ConfigApi(RouterNode node)
{
    public IResult Config()
    {
        var definition = node.Definition;
        var values = definition.InForce().Select(ShownConfig.Of).Select(value => new ShownValue(value.Path, JsonNode.Parse(value.Json), value.From));
        return Results.Text(ControlJson.Write(new ShownConfiguration(definition.Name, definition.ConfigurationHash, definition.Files, [.. values])), "application/json");
    }
}
