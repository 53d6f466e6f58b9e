using System.Collections;
using System.Globalization;
using System.Reflection;
using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Filters;
using MessageRouter.Reloading;
using MessageRouter.Routing;
using MessageRouter.Zmtp.Security;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Hosting;

/// <summary>
/// Describes a node: by HOCON files, by HOCON text, or component by component in C#. What is described in C# goes
/// through the same reader, so that both give the same node and the same checks: what is wrong with values is a <see cref="ConfigurationException"/> when the node is made. A second component, group, identity or list of a
/// name that is there already is an <see cref="ArgumentException"/> at once, and null an <see cref="ArgumentNullException"/>.
/// </summary>
/// <example>
/// <code>
/// services.AddMessageRouter(router => router
///     .Input("app-logs", "zeromq", new { Bind = "tcp://*:5222" }, to: "errors-only")
///     .Filter("errors-only", "key", new { Key = "level", Match = "error" }, to: "archive")
///     .Output("archive", "file", new { Path = "errors.log" }));
/// </code>
/// </example>
public sealed class RouterBuilder
{
    private readonly JObject _router = [];
    private readonly List<string> _files = [];
    private readonly List<string> _overrides = [];
    private readonly List<Assembly> _assemblies = [];
    private SourceText? _text;

    internal RouterBuilder()
    {
        Components = BuiltIns.Registry();
        if (Assembly.GetEntryAssembly() is { } entry) _assemblies.Add(entry);
    }

    /// <summary>The components that <c>type</c> can name; add your own here.</summary>
    public ComponentRegistry Components { get; }

    /// <summary>
    /// Reads the node from HOCON files; later ones win over earlier ones, and what is described here over all of them. A folder stands for its
    /// <c>*.conf</c> in the order of their names.
    /// </summary>
    public RouterBuilder FromFiles(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths) _files.Add(path ?? throw new ArgumentNullException(nameof(paths)));
        return this;
    }

    /// <summary>Reads the node from HOCON text; <paramref name="name"/> stands for it in errors.</summary>
    public RouterBuilder FromText(string text, string name = "configuration")
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = new SourceText(name, text);
        return this;
    }

    /// <summary>Sets values over those of the files or the text: <c>router.name=aggregator</c>.</summary>
    public RouterBuilder Override(params IEnumerable<string> pathsAndValues)
    {
        ArgumentNullException.ThrowIfNull(pathsAndValues);
        foreach (var one in pathsAndValues) _overrides.Add(one ?? throw new ArgumentNullException(nameof(pathsAndValues)));
        return this;
    }

    /// <summary>Names the node; default the host name.</summary>
    public RouterBuilder Name(string name) => Set("name", name);

    /// <summary>Sets a key of the <c>router</c> block, such as <c>mailbox</c> or <c>shutdown</c>.</summary>
    /// <param name="key">The key as in a file.</param>
    /// <param name="value">A value, or an object whose properties are the block's keys.</param>
    public RouterBuilder Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        _router[key] = ToJson(value);
        return this;
    }

    /// <summary>
    /// Gives the node a control endpoint: a Unix domain socket at which the command finds it and, where the options say so, the same over HTTP.
    /// The package MessageRouter.Control has it.
    /// </summary>
    /// <param name="options">An object whose properties are keys of the block <c>control</c>: <c>new { Http = new { Bind = "127.0.0.1:9600" } }</c>.</param>
    public RouterBuilder WithControl(object? options = null) => Set("control", options ?? new { });

    /// <summary>Has the node be one of a cluster, for which the package <c>MessageRouter.Cluster</c> is needed.</summary>
    /// <param name="options">An object whose properties are the keys of <c>router.cluster</c>: <c>new { Name = "logs", SeedNodes = new[] { "127.0.0.1:4053" } }</c>.</param>
    public RouterBuilder WithCluster(object options) => Set("cluster", options);

    /// <summary>Adds a pair of keys that sockets can have: <c>new { Curve = new { Identity = "node", Allow = new[] { "office" } } }</c> among the options of an input or output names it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file with both keys, as <c>message-router keys new</c> and czmq write it.</param>
    public RouterBuilder Identity(string name, string file) => Secure("identities", name, new JObject { ["file"] = file });

    /// <summary>Adds a list of those who may connect.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">An object whose properties are the list's keys: <c>new { Directory = "keys/clients" }</c>.</param>
    public RouterBuilder Peers(string name, object options) => Secure("peers", name, OptionsBlock(options));

    /// <summary>
    /// Lets <c>authenticator { class = … }</c> name this class, and others of its assembly. Its constructor may ask for its nested <c>Options</c>, an <c>ILogger</c>, and any service of the host.
    /// </summary>
    public RouterBuilder Authenticator<TAuthenticator>()
        where TAuthenticator : IPeerAuthenticator
    {
        if (!_assemblies.Contains(typeof(TAuthenticator).Assembly)) _assemblies.Add(typeof(TAuthenticator).Assembly);
        return this;
    }

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name, unique over the node.</param>
    /// <param name="type">A registered type, such as <c>zeromq</c>.</param>
    /// <param name="options">An object whose properties are the block's keys: <c>new { Bind = "tcp://*:5222" }</c>.</param>
    /// <param name="to">The filters and outputs that it sends to.</param>
    public RouterBuilder Input(string name, string type, object? options = null, params string[] to) => Add(ComponentRole.Input, name, type, options, to);

    /// <summary>Adds a filter. <inheritdoc cref="Input" path="/param"/></summary>
    public RouterBuilder Filter(string name, string type, object? options = null, params string[] to) => Add(ComponentRole.Filter, name, type, options, to);

    /// <summary>Adds a filter that is a function: it returns the message, another one, or null so that nothing goes on.</summary>
    /// <param name="name">Its name, unique over the node.</param>
    /// <param name="filter">Called with one message at a time. What it throws on goes to the error chain.</param>
    /// <param name="options">An object whose properties are keys of every filter: <c>new { Retry = new { Attempts = 3 } }</c>.</param>
    /// <param name="to">The filters and outputs that it sends to.</param>
    /// <example>
    /// <code>
    /// router.Filter("errors-only", message => message["level"] == "error" ? message : null, to: "archive")
    /// </code>
    /// </example>
    public RouterBuilder Filter(string name, Func<Message, Message?> filter, object? options = null, params string[] to)
    {
        ArgumentNullException.ThrowIfNull(filter);

        // The text that describes the node can only name the function.
        var type = $"{LambdaFilter.TypeName}:{name}";
        Add(ComponentRole.Filter, name, type, options, to);
        Components.Add(type, LambdaFilter.Of(filter));
        return this;
    }

    /// <summary>Adds an output. <inheritdoc cref="Input" path="/param"/></summary>
    public RouterBuilder Output(string name, string type, object? options = null) => Add(ComponentRole.Output, name, type, options, []);

    /// <summary>Adds a group of worker processes, which the node starts, watches, restarts and stops.</summary>
    /// <param name="name">The group's name.</param>
    /// <param name="command">The program and its arguments; <c>message-router</c> is looked up in <c>PATH</c> unless it is what runs.</param>
    /// <param name="instances">How many processes there are.</param>
    /// <param name="options">An object whose properties are the group's other keys: <c>new { StopTimeout = TimeSpan.FromSeconds(30) }</c>.</param>
    public RouterBuilder Workers(string name, IEnumerable<string> command, int instances = 1, object? options = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        var block = OptionsBlock(options);
        block["command"] = ToJson(command);
        block["instances"] = instances;
        Section("workers", name)[name] = block;
        return this;
    }

    /// <summary>Adds a component of a class of yours; its role follows from its base class.</summary>
    public RouterBuilder Add<TActor>(string name, object? options = null, params string[] to)
        where TActor : ComponentActor
    {
        var type = ComponentType.Of(typeof(TActor));
        if (!Components.TryFind(type.Role, type.Name, out _)) Components.Add<TActor>(type.Name, "");
        return Add(type.Role, name, type.Name, options, to);
    }

    /// <summary>Reads and checks what was described.</summary>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    internal NodeDefinition Build() => Build(out _);

    /// <inheritdoc cref="Build()"/>
    internal NodeDefinition Build(out IReadOnlyList<Diagnostic> warnings) => Build(_files, null, out warnings);

    /// <summary>Reads the node again, what was described in C# over files: over those that were named, others, or brought ones. Null where there are no files.</summary>
    internal NodeReadings? ReadAgain => _files.Count == 0 ? null : new NodeReadings(
        files => new Reading(Build(files.Count > 0 ? files : _files, null, out var warnings), warnings),
        brought => new Reading(Build(_files, brought, out var warnings), warnings));

    /// <remarks>Plug-ins add to the registry: each reading has its own.</remarks>
    private NodeDefinition Build(IReadOnlyList<string> files, BroughtConfiguration? brought, out IReadOnlyList<Diagnostic> warnings)
    {
        List<SourceText> texts = [];
        if (_text is not null) texts.Add(_text);
        if (_router.HasValues || (files.Count == 0 && _text is null)) texts.Add(new SourceText("C#", new JObject { ["router"] = _router }.ToString()));
        var options = new HoconReaderOptions { Overrides = _overrides };
        var document = brought is null
            ? HoconReader.ReadFiles(FileArguments.Expand(files), options, texts) with { Files = files }
            : BroughtReader.Read(brought, files, options, texts);
        return NodeReader.Read(document, Components.Copy(), brought?.Own, out warnings, _assemblies);
    }

    private RouterBuilder Add(ComponentRole role, string name, string type, object? options, string[] to)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(to);
        var section = Section(role.Section(), name);
        var block = OptionsBlock(options);
        block.AddFirst(new JProperty("type", type));
        if (to.Length > 0) block["to"] = new JArray(to.Cast<object>().ToArray());
        section[name] = block;
        return this;
    }

    private RouterBuilder Secure(string key, string name, JObject block)
    {
        ArgumentNullException.ThrowIfNull(name);
        var security = (JObject)(_router["security"] ??= new JObject());
        var section = (JObject)(security[key] ??= new JObject());
        if (section.ContainsKey(name)) throw new ArgumentException($"There is already security.{key}.{name}.", nameof(name));
        section[name] = block;
        return this;
    }

    private JObject Section(string key, string newName)
    {
        ArgumentNullException.ThrowIfNull(newName, "name");
        var section = (JObject)(_router[key] ??= new JObject());
        return section.ContainsKey(newName) ? throw new ArgumentException($"There is already {key}.{newName}.", "name") : section;
    }

    private static JObject OptionsBlock(object? options) =>
        options is null ? [] : ToJson(options) as JObject ?? throw new ArgumentException("Options are an object with properties.", nameof(options));

    private static JToken ToJson(object? value) => value switch
    {
        null => JValue.CreateNull(),
        JToken token => token,
        string or bool or float or double or decimal => new JValue(value),
        sbyte or byte or short or ushort or int or uint or long or ulong => new JValue(value),
        Uri uri => new JValue(uri.OriginalString),
        TimeSpan time => new JValue(time.TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture) + "ms"),
        Enum choice => new JValue(OptionKey.Kebab(choice.ToString())),
        IDictionary map => new JObject(map.Keys.Cast<object>().Select(key => new JProperty(key.ToString()!, ToJson(map[key])))),
        IEnumerable list => new JArray(list.Cast<object?>().Select(ToJson).ToArray<object>()),
        _ => new JObject(value.GetType().GetProperties()
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => (property.Name, Value: property.GetValue(value)))
            .Where(property => property.Value is not null)
            .Select(property => new JProperty(OptionKey.Kebab(property.Name), ToJson(property.Value)))),
    };
}
