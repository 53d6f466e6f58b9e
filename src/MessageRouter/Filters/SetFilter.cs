using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>Gives fields fixed values, with missing parents added; everything else stays byte for byte.</summary>
internal sealed class SetFilter(SetFilter.Options options) : FilterActor
{
    private readonly (FieldPath Path, byte[] Value)[] _fields =
        [.. FieldEdit.Flatten(options.Fields).Select(field => (FieldPath.Parse(field.Path), JsonTree.Write(field.Value)))];

    protected override Message? Filter(Message message)
    {
        var json = FieldEdit.ObjectOf(message);
        foreach (var (path, value) in _fields)
        {
            if (!JsonEdit.TrySet(json.Span, path, value, out var edited, out var problem))
                throw new MessageException($"The field '{path}' cannot be set: {problem}.");
            json = edited;
        }
        return message.WithPayload(json, MessageFormat.Json);
    }

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to set with their values. A block within the block sets the fields in it and leaves their siblings.")]
        public required IReadOnlyDictionary<string, JToken> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            FieldEdit.Validate(FieldEdit.Flatten(Fields).Select(field => field.Path), nameof(Fields));
    }
}
