using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Workers;

namespace MessageRouter.Configuration;

/// <summary>Reads <c>workers</c>: one group of processes, which then has this name, or several with names of their own.</summary>
internal sealed class WorkersReader(OptionsBinder binder, SupervisionSection supervisionDefaults)
{
    private const string Key = "workers";

    private static readonly IReadOnlyList<string> GroupKeys = [.. OptionsSchema.Of(typeof(WorkerGroupSection)).Keys.Select(key => key.Name), "supervision"];

    public IReadOnlyList<WorkerGroupDefinition> Read(HoconObject router)
    {
        if (!OptionsBinder.TryGetValue(router, Key, out var field)) return [];
        if (field.Value is not HoconObject block)
        {
            binder.Error($"`{Key}` must be a block", field.Value.Span, $"write {Key} {{ command = […] }}");
            return [];
        }
        IEnumerable<HoconField> groups = IsGroup(block) ? [field] : block.Fields.Where(group => group.Value is HoconObject);
        return [.. groups.Select(ReadGroup).OfType<WorkerGroupDefinition>()];
    }

    // The keys of a group cannot be names of groups.
    public static bool IsGroup(HoconObject block) =>
        block.Fields.Any(field => field.Value is not (HoconObject or HoconBroken) || GroupKeys.Contains(field.Key));

    private WorkerGroupDefinition? ReadGroup(HoconField field)
    {
        var isNamed = ComponentReader.CheckName(binder, field, "worker processes");
        var block = (HoconObject)field.Value;
        var subject = $"worker processes `{DiagnosticBag.Shorten(field.Key)}`";
        var supervision = binder.BindBlock(block, "supervision", subject, supervisionDefaults);
        var isPlaced = PlacementReader.IsPlaced(block);
        var placement = isPlaced ? new PlacementReader(binder).Read(block, subject, leastTotal: 0) : null;
        var own = isPlaced ? PlacementReader.Without(block) : block;
        if (binder.Bind(typeof(WorkerGroupSection), own, field.KeySpan, subject, "supervision") is not WorkerGroupSection section || supervision is null || !isNamed) return null;
        if (isPlaced && placement is null) return null;

        block.TryGet("command", out var command);
        var place = command!.Value is HoconArray { Items: [var program, ..] } ? program.Span : command.Value.Span;
        var directory = block.TryGet("directory", out var named) ? named.Value.Span : null;
        return new WorkerGroupDefinition
        {
            Name = field.Key,
            Command = [Program(section.Command[0], place), .. section.Command.Skip(1)],
            Instances = placement is null ? section.Instances : 0,
            Placement = placement?.ToOptions(),
            Environment = section.Environment,
            Directory = BesideFile.Of(section.Directory, directory ?? place),
            StopTimeout = section.StopTimeout,
            HeartbeatTimeout = section.Heartbeat.Timeout,
            Supervision = supervision.ToOptions(),
            Origin = place,
            DirectoryOrigin = directory,
        };
    }

    private static string Program(string program, SourceSpan span) =>
        program.Contains('/', StringComparison.Ordinal) || program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? BesideFile.Of(program, span) : program;
}
