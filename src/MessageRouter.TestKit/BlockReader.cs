using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Outputs;
using MessageRouter.Routing;

namespace MessageRouter.TestKit;

/// <summary>Makes a node of the one component under test: what it sends to, or what feeds it, is the kit's.</summary>
internal static class BlockReader
{
    public const string Source = "source";
    public const string Subject = "subject";
    public const string Sink = "sink";

    /// <summary>Long, so that what is slow in a test is not cut short; a test's time is virtual.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromHours(1);

    /// <summary>The component with the options that a block has, checked as in a file.</summary>
    /// <exception cref="ConfigurationException">They are wrong.</exception>
    public static ComponentDefinition Read(Type actorType, string options)
    {
        var registry = BuiltIns.Registry();
        var type = registry.Types.FirstOrDefault(known => known.ActorType == actorType) ?? ComponentType.Of(actorType);
        var isRegistered = registry.TryFind(type.Role, type.Name, out _);
        var document = HoconReader.ReadText("options", options, new HoconReaderOptions
        {
            Overrides = [$"{(isRegistered ? "type" : "class")} = \"{type.Name}\"", .. type.Role == ComponentRole.Output ? Array.Empty<string>() : [$"to = [{Sink}]"]],
        });
        List<Diagnostic> diagnostics = [.. document.Diagnostics];
        var reader = new ComponentReader(new OptionsBinder(diagnostics), registry, [actorType.Assembly], new MailboxOptions(), new SupervisionSection());
        var root = document.Root;
        var component = reader.Read(type.Role, new HoconField(Subject, root.Span, root)).Definition;
        if (component is null || diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) throw new ConfigurationException(diagnostics);
        return component;
    }

    /// <summary>The component with an options object.</summary>
    /// <exception cref="ConfigurationException">It is not valid.</exception>
    public static ComponentDefinition Of(Type actorType, object options)
    {
        var type = ComponentType.Of(actorType);
        if (!(type.OptionsType?.IsInstanceOfType(options) ?? false))
            throw new ArgumentException($"{actorType.Name} takes {type.OptionsType?.FullName ?? "no options"}, not {options.GetType().FullName}.", nameof(options));
        var problems = OptionsValidation.Problems(options, new Dictionary<OptionKey, object?>());
        if (problems.Count > 0)
            throw new ConfigurationException(problems.Select(problem => new Diagnostic(DiagnosticSeverity.Error, $"{type.Role.Word()} `{Subject}` ({type.Name}): {string.Join(", ", problem.MemberNames.Select(name => $"`{OptionKey.Kebab(name)}` "))}{problem.ErrorMessage}", null, null)).ToList());
        return new ComponentDefinition { Role = type.Role, Name = Subject, Type = type, Options = options, To = type.Role == ComponentRole.Output ? [] : [Sink] };
    }

    /// <summary>A node with the component between what the kit has for its other ends.</summary>
    public static NodeDefinition Around(ComponentDefinition subject)
    {
        List<ComponentDefinition> components = [subject];
        if (subject.Role != ComponentRole.Input) components.Insert(0, Part<SourceInput>(Source, MessageFormat.Bytes) with { Options = new SourceInput.Options(), To = [Subject] });
        if (subject.Role != ComponentRole.Output) components.Add(Part<TestOutput>(Sink, MessageFormat.Bytes));
        return new NodeDefinition { Name = "test", Components = components, Errors = Part<TestOutput>(""), ErrorsPerSecond = 0, DrainTimeout = DrainTimeout };
    }

    private static ComponentDefinition Part<TActor>(string name, MessageFormat codec = MessageFormat.Json)
        where TActor : ComponentActor
    {
        var type = ComponentType.Of(typeof(TActor));
        return new ComponentDefinition { Role = type.Role, Name = name, Type = type, Codec = codec };
    }
}
