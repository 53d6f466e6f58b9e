using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Control;
using MessageRouter.Security;

namespace MessageRouter.Cli.Schemas;

/// <summary>A whole configuration, once it is resolved, as JSON Schema.</summary>
internal static class NodeSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema.</summary>
    /// <param name="types">What <c>type</c> can name.</param>
    /// <param name="classes">What <c>class</c> is known to name.</param>
    public static string Of(IReadOnlyList<ComponentType> types, IReadOnlyList<ComponentType> classes)
    {
        var definitions = new JsonObject
        {
            ["mailbox"] = ValueSchema.Described(BlockSchema.Of(typeof(MailboxOptions)), "What may wait for a component, and what happens when that is full."),
            ["supervision"] = ValueSchema.Described(BlockSchema.Of(typeof(SupervisionSection)), "What a failure leads to."),
            ["retry"] = ValueSchema.Described(BlockSchema.Of(typeof(RetryOptions)), "How often a filter tries a message on which it throws."),
        };
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "MessageRouter",
            ["description"] = "The configuration of a node of MessageRouter, with all files together and everything substituted.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["router"] = Router(definitions, new ComponentSchemas(definitions, types, classes)),
                ["akka"] = new JsonObject { ["type"] = "object", ["description"] = "Handed to Akka.NET." },
            },
            ["required"] = new JsonArray("router"),
            ["$defs"] = definitions,
        };
        return schema.ToJsonString(Indented);
    }

    private static JsonObject Router(JsonObject definitions, ComponentSchemas components)
    {
        var router = new JsonObject { ["type"] = "object" };
        Add("name", ValueSchema.Text(), "The node's name; by default the host's.");
        Add("plugins", ValueSchema.Texts(), "Assemblies with custom components, or folders with such; paths are relative to the file.");
        BlockSchema.Add(router, "mailbox", ComponentSchemas.Reference("mailbox"));
        BlockSchema.Add(router, "supervision", ComponentSchemas.Reference("supervision"));
        Add("errors", components.Errors(), "The output of the error chain: any output; by default stderr.");
        Add("shutdown", BlockSchema.Of(typeof(ShutdownSection)), "How the node ends.");
        Add("memory", Memory(), "All that waits in the node.");
        Add("control", OrOff(BlockSchema.Of(typeof(ControlOptions))), "Where the commands status, top, tap and others find the node; `off` for not at all.");
        Add("security", Security(), "Whose keys sockets can have, and who may connect: for `curve` of inputs and outputs.");
        Add("cluster", BlockSchema.Of(typeof(ClusterOptions)), "Other nodes with which this one is a cluster.");
        Add("inputs", components.Section(ComponentRole.Input), "Where messages come from.");
        Add("filters", components.Section(ComponentRole.Filter), "What is done with them.");
        Add("outputs", components.Section(ComponentRole.Output), "Where they go.");
        Add("workers", Workers(definitions), "Processes that the node keeps running: one group, or several by their names.");
        router["properties"]!["inputs"]!["minProperties"] = 1;
        BlockSchema.Require(router, "inputs");
        return BlockSchema.Closed(router);

        void Add(string key, JsonObject value, string description) => BlockSchema.Add(router, key, ValueSchema.Described(value, description));
    }

    private static JsonObject Memory()
    {
        var memory = new JsonObject { ["type"] = "object" };
        BlockSchema.Add(memory, "limit", ValueSchema.Described(ValueSchema.SizeOrOff(), "How many bytes may wait in the node; `off` for no limit; by default half of the memory that there is."));
        return BlockSchema.Closed(memory);
    }

    private static JsonObject Security()
    {
        var security = new JsonObject { ["type"] = "object" };
        BlockSchema.Add(security, "identities", ValueSchema.Described(Named(typeof(IdentityOptions)), "Pairs of keys by name."));
        BlockSchema.Add(security, "peers", ValueSchema.Described(Named(typeof(PeerListOptions)), "Lists of those who may connect, by name."));
        return BlockSchema.Closed(security);

        static JsonObject Named(Type options) => new() { ["type"] = "object", ["additionalProperties"] = BlockSchema.Of(options) };
    }

    private static JsonObject OrOff(JsonObject block)
    {
        block["type"] = new JsonArray("object", "string");
        block["pattern"] = "^off$";
        return block;
    }

    private static JsonObject Workers(JsonObject definitions)
    {
        var group = BlockSchema.Of(typeof(WorkerGroupSection));
        BlockSchema.OrPlaced(group);
        BlockSchema.Add(group, "supervision", ComponentSchemas.Reference("supervision"));
        definitions["workers"] = group;

        // The keys of a group cannot be names of groups.
        var keys = OptionsSchema.Of(typeof(WorkerGroupSection)).Keys.Select(key => key.Name).Append("supervision");
        return new JsonObject
        {
            ["type"] = "object",
            ["if"] = new JsonObject { ["anyOf"] = new JsonArray([.. keys.Select(key => new JsonObject { ["required"] = new JsonArray(key) })]) },
            ["then"] = ComponentSchemas.Reference("workers"),
            ["else"] = new JsonObject { ["additionalProperties"] = ComponentSchemas.Reference("workers") },
        };
    }
}
