using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>Gives fields fixed values, with missing parents added; everything else stays byte for byte.</summary>
internal sealed class SetFilter(SetFilter.Options options) : EditingFilter<(FieldPath Path, byte[] Value)>(
    FieldEdit.Flatten(options.Fields).Select(field => (FieldPath.Parse(field.Path), JsonTree.Write(field.Value))))
{
    protected override bool TryEdit(ReadOnlySpan<byte> json, (FieldPath Path, byte[] Value) edit, out JsonSplice edited)
    {
        edited = JsonEdit.Set(json, edit.Path, edit.Value);
        return true;
    }

    protected override Reason Explain(Message message, (FieldPath Path, byte[] Value) edit, int index) => new(
        Shown(message, edit.Path) is { } before ? $"`{edit.Path}` is set to {FieldEdit.Shown(edit.Value)}; it was {before}" : $"`{edit.Path}` is set to {FieldEdit.Shown(edit.Value)}; it was not there",
        $"fields.{edit.Path}");

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to set with their values. A block within the block sets the fields in it and leaves their siblings.")]
        public required IReadOnlyDictionary<string, JToken> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            FieldEdit.Validate(FieldEdit.Flatten(Fields).Select(field => field.Path), nameof(Fields));
    }
}
