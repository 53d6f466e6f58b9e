using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using MessageRouter.Clustering;
using MessageRouter.Control.Graphs;
using MessageRouter.Monitoring;
using MessageRouter.Monitoring.Health;
using MessageRouter.Trials;

namespace MessageRouter.Control.Serving;

/// <summary>The API as an OpenAPI 3.1 document, made of the very types that are written.</summary>
internal static class OpenApi
{
    private static readonly Lazy<string> Document = new(() => Make().ToJsonString(ControlJson.Options));

    public static string Text => Document.Value;

    private static JsonObject Make() => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject
        {
            ["title"] = "MessageRouter control",
            ["version"] = "1",
            ["description"] = "What goes on in a running node. Reading costs those who route messages nothing. What changes the node needs the token, except at the Unix domain socket.",
        },
        ["paths"] = new JsonObject
        {
            ["/v1/status"] = Get("The node's ledger, and states, rates, mailboxes, connections.", Json("NodeStatus")),
            ["/v1/status/stream"] = Get("The same as server-sent events named `status`, after each look at the counters, once a second.", Events("NodeStatus")),
            ["/v1/cluster"] = Get("All nodes of the node's cluster, each with its status where it answers. 404 where the node is in none.", Json("ClusterReport"), [], 404),
            ["/v1/cluster/reload"] = WithBody(
                Post("Has one node of the cluster, the node itself too, read its own files again, or with `files` those that are brought to it, and become what they say, or with `plan` says what that would do. `problem` says why nothing was done. Others let it be done with `router.cluster.control = reload`, and each takes files with `configure`. With `run` it can go back to what it was until `end` says how that reload of several nodes has ended. 409 where it does not answer.", "MemberReload", 200, [], 400, 403, 404, 409),
                "Which node, and whether it is only to be planned.", new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("ClusterReloadRequest") } }),
            ["/v1/components/{name}"] = Get("One component more closely.", Json("ComponentDetail"), [Parameter("name", "path", "Its full name, such as filters.errors-only.", required: true)], 404),
            ["/v1/config"] = Get("The configuration that is in force, value by value, each with its origin. What keys hold that sound like secrets is left out.", Json("Configuration")),
            ["/v1/graph"] = Get("The topology, laid out in layers.", Json("Graph")),
            ["/v1/health"] = Get("How the node is, with reasons.", Json("HealthReport")),
            ["/v1/tap"] = Get(
                "Live messages as server-sent events: `message` (ShownMessage), `left-out` (LeftOut) once a second, `where-failed` (WhereFailed), `end` (StreamEnd). They are samples: at most 1000 a second are shown, or 10000 judged by a condition.",
                Events("ShownMessage"),
                [
                    Parameter("component", "query", "Full or short name; may be repeated; `*` for all.", required: true, isList: true),
                    Parameter("side", "query", "in, out, dropped or failed; may be repeated; default in.", isList: true),
                    Parameter("where", "query", "`field=value`, or C# over `message`, for which the token is needed."),
                ],
                400, 403, 404, 409),
            ["/v1/stop"] = Post("Has the node drain and stop, as SIGTERM does.", "StopAnswer", 202, [], 403),
            ["/v1/reload"] = WithBody(
                Post(
                    "Has the node read its configuration again and become what that says, or with `plan` says what that would do. What has not changed is not touched; what fails is undone. 422 has the mistakes in the files; 500 names what could not be started again, where not everything is as it was.",
                    "Reload", 200, [], 400, 403, 409, 422, 500),
                "Which files, and whether it is only to be planned; nothing for those that the node was started with.", new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("ReloadRequest") } }, required: false),
            ["/v1/explain"] = WithBody(Post(
                "Follows a message through doubles of the node's components: each step with its reasons, and where it ends. What the node routes is not touched; its filters' code runs.", "Explanation", 200,
                [Parameter("component", "query", "The input that it comes in by, or any component, short or full; not needed where there is one input."), Parameter("peer", "query", "`property=value` of who has sent it, as in identity=office; may be repeated.", isList: true)],
                400, 403, 404, 409), "The message as it comes in, at most 64 KiB.", new JsonObject { ["application/octet-stream"] = new JsonObject() }),
            ["/v1/pools/{name}"] = Post(
                "Gives a pool of filter copies, or a group of worker processes, another size.", "PoolSize", 200,
                [Parameter("name", "path", "The filter's name, or workers.GROUP.", required: true), Parameter("instances", "query", "How many there are to be.", required: true, type: "integer")],
                400, 403, 404, 409),
            ["/v1/openapi.json"] = Get("This document.", new JsonObject { ["application/json"] = new JsonObject() }),
            ["/metrics"] = Get("Metrics as OpenMetrics text.", new JsonObject { ["text/plain"] = new JsonObject() }),
            ["/livez"] = Get("Whether the node's actors answer.", new JsonObject { ["text/plain"] = new JsonObject() }, [], 503),
            ["/readyz"] = Get("Whether the node takes messages.", new JsonObject { ["text/plain"] = new JsonObject() }, [], 503),
        },
        ["components"] = new JsonObject
        {
            ["schemas"] = new JsonObject
            {
                ["NodeStatus"] = Schema(typeof(NodeStatus)),
                ["ClusterReport"] = Schema(typeof(ClusterReport)),
                ["ClusterReloadRequest"] = Schema(typeof(ClusterReloadRequest)),
                ["MemberReload"] = Schema(typeof(MemberReload)),
                ["ComponentDetail"] = Schema(typeof(ComponentDetail)),
                ["Configuration"] = Schema(typeof(ShownConfiguration)),
                ["Graph"] = Schema(typeof(GraphDocument)),
                ["HealthReport"] = Schema(typeof(HealthReport)),
                ["ShownMessage"] = Schema(typeof(ShownMessage)),
                ["LeftOut"] = Schema(typeof(LeftOut)),
                ["WhereFailed"] = Schema(typeof(WhereFailed)),
                ["StreamEnd"] = Schema(typeof(StreamEnd)),
                ["StopAnswer"] = Schema(typeof(StopAnswer)),
                ["PoolSize"] = Schema(typeof(PoolSize)),
                ["ReloadRequest"] = Schema(typeof(ReloadRequest)),
                ["Reload"] = Schema(typeof(ReloadAnswer)),
                ["Explanation"] = Schema(typeof(Explanation)),
                ["Problem"] = Schema(typeof(ProblemDetail)),
            },
            ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
        },
        ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject()),
    };

    private static JsonObject Get(string summary, JsonObject content, JsonNode[]? parameters = null, params int[] problems) =>
        new() { ["get"] = Operation(summary, 200, content, parameters ?? [], problems) };

    private static JsonObject Post(string summary, string schema, int status, JsonNode[] parameters, params int[] problems) =>
        new() { ["post"] = Operation(summary, status, Json(schema), parameters, problems) };

    /// <summary>Says what is the request's body.</summary>
    private static JsonObject WithBody(JsonObject post, string description, JsonObject content, bool required = true)
    {
        post["post"]!["requestBody"] = new JsonObject { ["description"] = description, ["required"] = required, ["content"] = content };
        return post;
    }

    private static JsonObject Operation(string summary, int status, JsonObject content, JsonNode[] parameters, int[] problems)
    {
        var responses = new JsonObject { [$"{status}"] = new JsonObject { ["description"] = summary, ["content"] = content } };
        foreach (var problem in problems.Append(401).Order())
        {
            var text = problem == 503 ? "text/plain" : "application/problem+json";
            responses[$"{problem}"] = new JsonObject { ["description"] = "What is wrong.", ["content"] = new JsonObject { [text] = problem == 503 ? new JsonObject() : new JsonObject { ["schema"] = Reference("Problem") } } };
        }
        return new JsonObject { ["summary"] = summary, ["parameters"] = new JsonArray(parameters), ["responses"] = responses };
    }

    private static JsonObject Json(string schema) => new() { ["application/json"] = new JsonObject { ["schema"] = Reference(schema) } };

    private static JsonObject Events(string schema) => new() { ["text/event-stream"] = new JsonObject { ["itemSchema"] = Reference(schema) } };

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static JsonObject Parameter(string name, string place, string description, bool required = false, bool isList = false, string type = "string")
    {
        JsonObject schema = isList ? new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = type } } : new JsonObject { ["type"] = type };
        return new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description, ["required"] = required, ["schema"] = schema };
    }

    private static JsonNode Schema(Type type) => new JsonSerializerOptions(ControlJson.Options) { TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() }
        .GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,

            // What is null is not written.
            TransformSchemaNode = (_, node) =>
            {
                if (node is JsonObject schema) schema.Remove("required");
                if (node is JsonObject { } block && block.ContainsKey("properties")) block["additionalProperties"] = false;
                return node;
            },
        });
}
