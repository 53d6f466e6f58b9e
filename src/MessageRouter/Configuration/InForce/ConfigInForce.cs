using MessageRouter.Clustering;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Checks;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Control;
using MessageRouter.Mailboxes;
using MessageRouter.Routing;
using MessageRouter.Security;
using MessageRouter.Workers;

namespace MessageRouter.Configuration.InForce;

/// <summary>
/// The configuration that is in force: what was written, with everything included and substituted, and the defaults of all that was not. It is a
/// configuration itself, and read again it is the same. Secrets stay what was written: where they are kept.
/// </summary>
internal sealed class ConfigInForce
{
    private static readonly HashSet<string> FilesOfControl = ["socket", "token-file", "certificate", "key", "client-authority", "headers-file"];

    private readonly NodeDefinition _node;
    private readonly HoconObject _router;
    private readonly HoconObject _mailbox;
    private readonly HoconObject _supervision;
    private readonly Flow _flow;

    private ConfigInForce(HoconObject router, NodeDefinition node)
    {
        _node = node;
        _router = router;
        _flow = new Flow(node.Components);
        _mailbox = Filled(typeof(MailboxOptions), router, "mailbox");
        _supervision = Filled(typeof(SupervisionSection), router, "supervision");
    }

    /// <param name="root">What was read.</param>
    /// <param name="node">The node that it describes.</param>
    public static HoconObject Of(HoconObject root, NodeDefinition node)
    {
        var router = (HoconObject)SecretSource.Located(root.Fields.First(field => field.Key == "router").Value);
        var inForce = new ConfigInForce(router, node);
        return Block([new HoconField("router", router.Span, Block(inForce.Router())), .. Written(root, "akka")]);
    }

    private IEnumerable<HoconField> Router() =>
    [
        .. Written(_router, "name") is [var name] ? [name] : Default("name", DefaultValue.Text(_node.Name, ConfigOrigin.OfDefaults)),
        .. Written(_router, "plugins").Select(field => field with { Value = Paths(field.Value) }),
        Field("mailbox", _mailbox),
        Field("supervision", _supervision),
        Field("errors", Errors()),
        Field("shutdown", Filled(typeof(ShutdownSection), _router, "shutdown")),
        Field("memory", Memory()),
        Field("control", Control()),
        .. Security(),
        .. _router.TryGet("cluster", out var cluster) && cluster.Value is HoconObject ? [Field("cluster", Filled(typeof(ClusterOptions), _router, "cluster"))] : Enumerable.Empty<HoconField>(),
        .. Enum.GetValues<ComponentRole>().Select(Section).OfType<HoconField>(),
        .. Workers(),
    ];

    private HoconField? Section(ComponentRole role)
    {
        var components = _node.Components.Where(component => component.Role == role && component.PartOf is null).ToList();
        return components.Count == 0 || Block(_router, role.Section()) is not { } section ? null
            : Field(role.Section(), Block(components.Select(component => Field(component.Name, Block(Component(component, Block(section, component.Name)))))));
    }

    private IEnumerable<HoconField> Component(ComponentDefinition component, HoconObject? block) =>
    [
        .. block is null ? [] : new[] { "type", "class" }.SelectMany(key => block.TryGet(key, out var field) && field.Value is not HoconBroken ? new[] { field } : []),
        .. component.Type.OptionsType is { } options ? FilledBlock.Of(options, block) : [],
        .. Roles(component, block),
        Field("mailbox", Mailbox(component, block)),
        Field("supervision", Filled(typeof(SupervisionSection), block, "supervision", _supervision)),
    ];

    /// <remarks>What happens where it is full follows from who feeds it, where nothing is said; nothing is shown where that is not the same for all.</remarks>
    private HoconObject Mailbox(ComponentDefinition component, HoconObject? block)
    {
        const string Key = "overflow";
        var filled = Filled(typeof(MailboxOptions), block, "mailbox", _mailbox);
        if (component.Mailbox.Overflow is not null) return filled;
        IReadOnlyList<Overflow> policies = component.Name.Length == 0 ? [Overflow.DropNewest]
            : component.Role == ComponentRole.Input ? [component.CanPause ? Overflow.Wait : Overflow.DropNewest]
            : Entrance(component) is var entrance ? [.. _flow.FeedersOf(entrance).Select(feeder => _flow.PolicyOf(feeder, entrance)).Distinct()] : [];
        return Block([.. filled.Fields.Where(field => field.Key != Key), .. policies is [var policy] ? Default(Key, DefaultValue.Of(policy, ConfigOrigin.OfDefaults)) : []]);
    }

    private static IEnumerable<HoconField> Roles(ComponentDefinition component, HoconObject? block)
    {
        if (component.Role == ComponentRole.Filter)
        {
            foreach (var field in FilledBlock.Of(typeof(PoolSection), block)) yield return Placed(field);
            if (component.Type.IsAsync)
            {
                foreach (var field in FilledBlock.Of(typeof(AsyncOptions), block)) yield return field;
            }
            yield return Field("retry", Filled(typeof(RetryOptions), block, "retry"));
        }
        else
        {
            var key = component.Role == ComponentRole.Input ? "decode" : "encode";
            yield return Written(block, key) is [var written] ? written : new HoconField(key, ConfigOrigin.OfDefaults, DefaultValue.Of(component.Codec, ConfigOrigin.OfDefaults)!);
        }
        if (component.Role == ComponentRole.Input)
        {
            foreach (var field in FilledBlock.Of(typeof(SingletonSection), block)) yield return field;
        }
        foreach (var field in Written(block, "to")) yield return field.Value is HoconScalar ? field with { Value = new HoconArray(field.Value.Span, [field.Value]) } : field;
    }

    /// <summary>Where what is sent to a component goes: where the cluster places its copies, to the output in its place.</summary>
    private ComponentDefinition Entrance(ComponentDefinition component) =>
        component.Placement is null ? component : _node.Components.FirstOrDefault(part => part.PartOf == component.Name && part.Role == ComponentRole.Output) ?? component;

    /// <summary>How the cluster places copies or processes, where that stands in place of a number.</summary>
    private static HoconField Placed(HoconField field)
    {
        if (field is not { Key: PlacementReader.Key, Value: HoconObject instances } || Block(instances, PlacementReader.Cluster) is not { } cluster) return field;
        var keys = FilledBlock.Of(typeof(PlacementSection), cluster).ToList();
        return field with { Value = Block([Field(PlacementReader.Cluster, Block([.. keys, .. cluster.Fields.Where(other => keys.All(key => key.Key != other.Key) && other.Value is not HoconBroken)]))]) };
    }

    private HoconObject Errors()
    {
        var block = Block(_router, "errors") ?? Block([.. Default("type", DefaultValue.Text(_node.Errors.Type.Name, ConfigOrigin.OfDefaults))]);
        var fields = Component(_node.Errors, block);
        return Block([.. fields, .. Written(block, "rate-limit") is [var limit] ? [limit] : Default("rate-limit", DefaultValue.Of(_node.ErrorsPerSecond, ConfigOrigin.OfDefaults))]);
    }

    private HoconObject Memory() =>
        Block([.. Written(Block(_router, "memory"), "limit") is [var limit] ? [limit] : Default("limit", DefaultValue.Of(_node.MemoryLimit, ConfigOrigin.OfDefaults, isByteSize: true))]);

    private IEnumerable<HoconField> Security()
    {
        if (Block(_router, "security") is not { } security) return [];
        return [Field("security", Block([.. Named("identities", typeof(IdentityOptions)), .. Named("peers", typeof(PeerListOptions))]))];

        IEnumerable<HoconField> Named(string key, Type type) =>
            Block(security, key) is { } blocks ? [Field(key, Block(blocks.Fields.Select(field => Field(field.Key, Filled(type, blocks, field.Key)))))] : [];
    }

    private HoconValue Control()
    {
        if (_router.TryGet("control", out var control) && control.Value is HoconScalar { Kind: not HoconScalarKind.Null }) return control.Value;
        return Located(Filled(typeof(ControlOptions), _router, "control"));

        static HoconObject Located(HoconObject block) => new(block.Span, block.Fields.Select(field => field with
        {
            Value = field.Value is HoconObject inner ? Located(inner) : FilesOfControl.Contains(field.Key) ? Paths(field.Value) : field.Value,
        }));
    }

    private IEnumerable<HoconField> Workers()
    {
        if (_node.Workers.Count == 0 || !_router.TryGet("workers", out var field) || field.Value is not HoconObject workers) yield break;
        yield return WorkersReader.IsGroup(workers)
            ? Field("workers", Group(_node.Workers[0], workers))
            : Field("workers", Block(_node.Workers.Select(group => Field(group.Name, Group(group, Block(workers, group.Name)!)))));
    }

    private HoconObject Group(WorkerGroupDefinition group, HoconObject block) => Block(
    [
        .. FilledBlock.Of(typeof(WorkerGroupSection), block).Select(field => field.Key switch
        {
            // Both are relative to the file that names them.
            "command" when field.Value is HoconArray { Items: [var program, ..] } command =>
                field with { Value = new HoconArray(command.Span, [DefaultValue.Text(group.Command[0], program.Span), .. command.Items.Skip(1)]) },
            PlacementReader.Key => Placed(field),
            "directory" => field with { Value = DefaultValue.Text(group.Directory, field.Value.Span) },
            _ => field,
        }),
        Field("supervision", Filled(typeof(SupervisionSection), block, "supervision", _supervision)),
    ]);

    private static HoconObject Filled(Type type, HoconObject? block, string key, HoconObject? below = null) => Block(FilledBlock.Of(type, Block(block, key), below));

    private static HoconObject? Block(HoconObject? block, string key) => Written(block, key) is [{ Value: HoconObject inner }] ? inner : null;

    private static HoconField[] Written(HoconObject? block, string key) => block is not null && OptionsBinder.TryGetValue(block, key, out var field) ? [field] : [];

    /// <summary>Paths that are relative to the file that names them, in full.</summary>
    private static HoconValue Paths(HoconValue value) => value switch
    {
        HoconArray array => new HoconArray(array.Span, array.Items.Select(Paths)),
        HoconScalar { Text: not ("" or "off"), Span: var span } scalar when span != ConfigOrigin.OfDefaults => DefaultValue.Text(BesideFile.Of(scalar.Text, span), span),
        _ => value,
    };

    private static HoconField[] Default(string key, HoconValue? value) => DefaultValue.Field(key, value, ConfigOrigin.OfDefaults) is { } field ? [field] : [];

    private static HoconField Field(string key, HoconValue value) => new(key, value.Span, value);

    private static HoconObject Block(IEnumerable<HoconField> fields) => new(ConfigOrigin.OfDefaults, fields);
}
