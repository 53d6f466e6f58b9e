using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Json;

namespace MessageRouter.Filters;

/// <summary>Takes fields out; everything else stays byte for byte, and a message without them passes as it is.</summary>
internal sealed class RemoveFilter(RemoveFilter.Options options) : FilterActor
{
    private readonly FieldPath[] _fields = [.. options.Fields.Select(FieldPath.Parse)];

    protected override Message? Filter(Message message)
    {
        var json = FieldEdit.ObjectOf(message);
        var changed = false;
        foreach (var field in _fields)
        {
            if (!JsonEdit.TryRemove(json.Span, field, out var edited)) continue;
            json = edited;
            changed = true;
        }
        return changed ? message.WithPayload(json, MessageFormat.Json) : message;
    }

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to remove: names separated by dots; a name with a dot in it stands in double quotes.")]
        public required IReadOnlyList<string> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            FieldEdit.Validate(Fields, nameof(Fields));
    }
}
