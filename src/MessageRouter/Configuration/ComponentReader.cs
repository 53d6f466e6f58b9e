using System.Reflection;
using System.Text.RegularExpressions;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Plugins;
using MessageRouter.Security;

namespace MessageRouter.Configuration;

/// <summary>Reads one component's block: the keys that every component has, and its own options.</summary>
internal sealed partial class ComponentReader(
    OptionsBinder binder, ComponentRegistry registry, IReadOnlyList<Assembly> assemblies, MailboxOptions mailboxDefaults, SupervisionSection supervisionDefaults)
{
    /// <summary>Error events a second that the error chain lets through where nothing else is said.</summary>
    public const int DefaultErrorRate = 1000;

    private const string NameHint = "use letters, digits, `-` and `_`, beginning with a letter or digit";

    private const int LongestName = 128;

    /// <summary>Checks what is to name a component or a group of processes, and reports what cannot.</summary>
    /// <param name="binder">Takes the report.</param>
    /// <param name="field">The block with its name.</param>
    /// <param name="what">What it is to name.</param>
    public static bool CheckName(OptionsBinder binder, HoconField field, string what)
    {
        if (field.Key.Length > LongestName) binder.Error($"`{DiagnosticBag.Shorten(field.Key)}` is too long to name {what}", field.KeySpan, $"use at most {LongestName} characters");
        else if (!NamePattern().IsMatch(field.Key)) binder.Error($"`{field.Key}` cannot name {what}", field.KeySpan, NameHint);
        else return true;
        return false;
    }

    private readonly PlacementReader _placements = new(binder);

    /// <summary>Whether every plug-in was loaded; what is unknown otherwise may be in one that was not, and is no mistake of its own.</summary>
    public bool KnowsAll { get; init; } = true;

    /// <summary>Finds what the names lead to by which sockets prove who they are.</summary>
    public EndpointSecurityReader Security { get; init; } = new(binder, new SecurityReader(binder), SecurityDefinition.None, assemblies);

    public ComponentReading Read(ComponentRole role, HoconField field)
    {
        var isNamed = CheckName(binder, field, "a component");
        var what = $"{role.Word()} `{DiagnosticBag.Shorten(field.Key)}`";
        if (field.Value is HoconObject block)
        {
            var reading = Read(role, field.Key, what, block, field.KeySpan);
            return isNamed ? reading : reading with { Definition = null };
        }
        if (field.Value is not HoconBroken) binder.Error($"{what} must be a block", field.Value.Span, $"write {field.Key} {{ type = … }}");
        return new ComponentReading { Role = role, Name = field.Key, Origin = field.KeySpan, ToPlace = field.KeySpan };
    }

    /// <summary>The error chain's output: what <c>errors</c> says, else <c>stderr</c>.</summary>
    public (ComponentDefinition? Output, int PerSecond) ReadErrors(HoconObject router, SourceSpan routerName)
    {
        if (!OptionsBinder.TryGetValue(router, "errors", out var field))
        {
            registry.TryFind(ComponentRole.Output, "stderr", out var stderr);
            return (new ComponentDefinition { Role = ComponentRole.Output, Name = "", Type = stderr!, Origin = routerName, Supervision = supervisionDefaults.ToOptions() }, DefaultErrorRate);
        }
        if (field.Value is not HoconObject block)
        {
            binder.Error("`errors` must be a block", field.Value.Span, "write errors { type = stderr }");
            return (null, 0);
        }

        var perSecond = DefaultErrorRate;
        if (OptionsBinder.TryGetValue(block, "rate-limit", out var limit))
        {
            if (!HoconConvert.TryInt64(limit.Value, out var number, out var problem)) binder.Error($"`rate-limit` of `errors`: {problem}", limit.Value.Span);
            else if (number is < 0 or > int.MaxValue) binder.Error("`rate-limit` of `errors` must be events a second, 0 for no limit", limit.Value.Span);
            else perSecond = (int)number;
        }
        if (OverflowOf(block) is { } overflow && HoconConvert.TryString(overflow.Value, out var policy, out _) && policy == "wait")
        {
            binder.Error("`errors` cannot have `overflow = wait`: whoever reports an error must not be held up by that", overflow.Value.Span,
                "write drop-newest or drop-oldest; what is dropped is counted, and capacity and max-bytes make room for more");
        }
        return (Read(ComponentRole.Output, "", "`errors`", block, field.KeySpan, "rate-limit").Definition, perSecond);
    }

    /// <summary>Reads what is made of a part of another block.</summary>
    /// <param name="role">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="what">What it is called in reports.</param>
    /// <param name="block">Its block.</param>
    /// <param name="blockName">Where the other block is named.</param>
    public ComponentDefinition? ReadPart(ComponentRole role, string name, string what, HoconObject block, SourceSpan blockName) => Read(role, name, what, block, blockName).Definition;

    private ComponentReading Read(ComponentRole role, string name, string what, HoconObject block, SourceSpan blockName, params IReadOnlyList<string> otherKeys)
    {
        // What every component has is read whatever its type is: all that is wrong is said at once.
        var type = FindType(role, what, block, blockName);
        var subject = type is null ? what : $"{what} ({type.Name})";
        var reading = ReadTo(role, name, subject, block, blockName);
        var mailbox = binder.BindBlock(block, "mailbox", subject, mailboxDefaults);
        var supervision = binder.BindBlock(block, "supervision", subject, supervisionDefaults);
        var codec = ReadCodec(role, subject, block);
        var retry = role == ComponentRole.Filter ? binder.BindBlock(block, "retry", subject, new RetryOptions()) : new RetryOptions();
        var (pool, placement) = role == ComponentRole.Filter ? ReadPool(block, blockName, subject) : (new PoolSection(), null);
        var singleton = role == ComponentRole.Input ? BindWithin<SingletonSection>(block, blockName, subject) : new SingletonSection();
        if (type is null) return reading;

        var asynchronous = type.IsAsync ? BindWithin<AsyncOptions>(block, blockName, subject) : new AsyncOptions();
        string[] common = ["type", "class", "mailbox", "supervision", .. KeysOf(type), .. otherKeys];
        if (!TryReadOptions(type, block, blockName, subject, common, out var options)) return reading;
        if (mailbox is null || supervision is null || retry is null || asynchronous is null || pool is null || singleton is null) return reading;
        var definition = new ComponentDefinition
        {
            Role = role,
            Name = name,
            Type = type,
            Options = options,
            To = [.. reading.To.Select(target => target.Text)],
            Codec = codec,
            Mailbox = mailbox,
            Supervision = supervision.ToOptions(),
            Retry = retry,
            Async = asynchronous,
            Instances = placement is null ? pool.Instances : 0,
            Placement = placement?.ToOptions(),
            Route = pool.ToRoute(),
            Singleton = singleton.ToOptions(),
            Origin = blockName,
            FindOption = text => OptionPlace.OfText(block, text),
            FindKey = path => OptionPlace.OfPath(block, path),
        };

        // What the router's block says for all components does not ask one input to lose messages elsewhere.
        reading = reading with { Block = block };
        return reading with { Definition = definition.PausesOnlyIfAsked && OverflowOf(block) is null ? definition with { Mailbox = mailbox with { Overflow = null } } : definition };
    }

    private bool TryReadOptions(ComponentType type, HoconObject block, SourceSpan blockName, string subject, string[] otherKeys, out object? options)
    {
        options = null;
        if (type.OptionsType is not { } optionsType)
        {
            binder.RejectUnknownKeys(block, subject, otherKeys);
            return true;
        }
        try
        {
            options = binder.Bind(optionsType, block, blockName, subject, otherKeys);
            if (options is ISecured secured) options = Security.Read(secured, block, subject);
        }
        catch (Exception exception) when (optionsType.Assembly != typeof(ComponentReader).Assembly)
        {
            // The constructors, setters and checks of options are the code of others.
            var failure = LoadFailure.Of(exception);
            binder.Error($"{subject} cannot read its options: {failure?.Problem ?? LoadFailure.Told(LoadFailure.Cause(exception))}", blockName, failure?.Cure);
        }
        return options is not null;
    }

    private static HoconField? OverflowOf(HoconObject block) =>
        block.TryGet("mailbox", out var mailbox) && mailbox.Value is HoconObject keys && keys.TryGet("overflow", out var overflow) ? overflow : null;

    /// <summary>The keys that a component has by its role and form, besides mailbox and supervision.</summary>
    private static string[] KeysOf(ComponentType type) => type.Role switch
    {
        ComponentRole.Input => ["to", "decode", .. OptionsSchema.Of(typeof(SingletonSection)).Keys.Select(key => key.Name)],
        ComponentRole.Filter => ["to", "retry", .. OptionsSchema.Of(typeof(PoolSection)).Keys.Select(key => key.Name), .. type.IsAsync ? OptionsSchema.Of(typeof(AsyncOptions)).Keys.Select(key => key.Name) : []],
        _ => ["encode"],
    };

    private ComponentType? FindType(ComponentRole role, string what, HoconObject block, SourceSpan blockName)
    {
        // `type = null` names the component `null`; elsewhere null means not there.
        var hasType = block.TryGet("type", out var typeField);
        var hasClass = OptionsBinder.TryGetValue(block, "class", out var classField);
        if (hasType == hasClass)
        {
            binder.Error(hasType ? $"{what} has both `type` and `class`" : $"{what} needs a `type` or a `class`", blockName,
                hasType ? "name one of them" : $"types of {role.Section()}: {string.Join(", ", registry.Names(role))}");
            return null;
        }
        var field = hasType ? typeField! : classField!;
        if (field.Value is HoconBroken) return null;
        string name;
        if (field.Value is HoconScalar { Kind: HoconScalarKind.Null }) name = "null";
        else if (!HoconConvert.TryString(field.Value, out name, out var problem))
        {
            binder.Error($"`{field.Key}` of {what}: {problem}", field.Value.Span);
            return null;
        }
        return hasType ? FindRegistered(role, what, name, field.Value.Span) : FindClass(role, what, name, field.Value.Span);
    }

    private ComponentType? FindRegistered(ComponentRole role, string what, string name, SourceSpan span)
    {
        if (registry.TryFind(role, name, out var type)) return type;
        if (registry.PackageOf(role, name) is { } package)
        {
            binder.Error($"{what} {package.Absence}", span, package.Cure);
            return null;
        }
        var names = registry.Names(role).ToList();
        var shown = DiagnosticBag.Shorten(name);
        if (binder.HasEnough) binder.Error($"unknown type `{shown}` for {what}", span);
        else if (Suggestion.For(name, names) is { } near) binder.Error($"unknown type `{shown}` for {what}", span, $"did you mean `{near}`?");
        else if (KnowsAll) binder.Error($"unknown type `{shown}` for {what}", span, $"types of {role.Section()}: {string.Join(", ", names)}");
        return null;
    }

    private ComponentType? FindClass(ComponentRole role, string what, string name, SourceSpan span)
    {
        if (assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is not null) is not { } actorType)
        {
            if (binder.HasEnough)
            {
                binder.Error($"there is no class `{DiagnosticBag.Shorten(name)}` for {what}", span);
                return null;
            }
            var known = assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsAssignableTo(typeof(ComponentActor)) && !type.IsAbstract).Select(type => type.FullName!).ToList();
            if (Suggestion.For(name, known) is { } near) binder.Error($"there is no class `{name}` for {what}", span, $"did you mean `{near}`?");
            else if (KnowsAll)
            {
                binder.Error($"there is no class `{name}` for {what}", span, known.Count > 0
                    ? $"the plug-ins have {string.Join(", ", known)}"
                    : "name its assembly in `plugins`, or on the command line with --plugin");
            }
            return null;
        }
        try
        {
            var type = ComponentType.Of(actorType);
            if (type.Role == role) return type;
            binder.Error($"`{name}` is an {type.Role.Word()}, not an {role.Word()}".Replace("an filter", "a filter", StringComparison.Ordinal), span);
        }
        catch (ArgumentException exception)
        {
            binder.Error($"`class` of {what}: {exception.Message.Split(" (Parameter")[0].TrimEnd('.')}", span);
        }
        return null;
    }

    /// <summary>The keys of a pool; <c>instances</c> is a number, or says how the cluster places the copies.</summary>
    private (PoolSection? Pool, PlacementSection? Placement) ReadPool(HoconObject block, SourceSpan blockName, string subject)
    {
        if (!PlacementReader.IsPlaced(block)) return (BindWithin<PoolSection>(block, blockName, subject), null);
        var placement = _placements.Read(block, subject, leastTotal: 1, "delivery", "feed", "take");
        var pool = BindWithin<PoolSection>(PlacementReader.Without(block), blockName, subject);
        return placement is null ? (null, null) : (pool, placement);
    }

    /// <summary>Binds those keys of a block that stand beside the component's own.</summary>
    private T? BindWithin<T>(HoconObject block, SourceSpan blockName, string subject)
        where T : class =>
        (T?)binder.Bind(typeof(T), block, blockName, subject, [.. block.Fields.Select(field => field.Key)]);

    private ComponentReading ReadTo(ComponentRole role, string name, string subject, HoconObject block, SourceSpan blockName)
    {
        var reading = new ComponentReading { Role = role, Name = name, Origin = blockName, ToPlace = blockName, ToIsKnown = true };
        if (role == ComponentRole.Output || !block.TryGet("to", out var field)) return reading;
        if (!OptionsBinder.TryGetValue(block, "to", out _)) return reading with { ToPlace = field.Value.Span, ToIsKnown = field.Value is not HoconBroken };
        var before = binder.Count;
        var to = binder.ReadTexts(field.Value, $"`to` of {subject}");
        var isWhole = binder.Count == before && field.Value is not HoconArray { IsWhole: false };
        return reading with { To = to, ToPlace = field.Value.Span, ToIsKnown = isWhole };
    }

    private MessageFormat ReadCodec(ComponentRole role, string subject, HoconObject block)
    {
        var key = role == ComponentRole.Input ? "decode" : "encode";
        if (role == ComponentRole.Filter || !OptionsBinder.TryGetValue(block, key, out var field)) return MessageFormat.Json;
        return ValueConverter.TryConvert(field.Value, typeof(MessageFormat), false, out var format, (value, problem) => binder.Error($"`{key}` of {subject}: {problem}", value.Span))
            ? (MessageFormat)format!
            : MessageFormat.Json;
    }

    // Names become parts of actor paths, metric tags and log categories.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    private static partial Regex NamePattern();
}
