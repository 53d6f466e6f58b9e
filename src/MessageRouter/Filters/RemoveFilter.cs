using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Json;

namespace MessageRouter.Filters;

/// <summary>Takes fields out; everything else stays byte for byte, and a message without them passes as it is.</summary>
internal sealed class RemoveFilter(RemoveFilter.Options options) : EditingFilter<FieldPath>(options.Fields.Select(FieldPath.Parse))
{
    protected override bool TryEdit(ReadOnlySpan<byte> json, FieldPath edit, out JsonSplice edited) => JsonEdit.TryRemove(json, edit, out edited);

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to remove: names separated by dots; a name with a dot in it stands in double quotes.")]
        public required IReadOnlyList<string> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            FieldEdit.Validate(Fields, nameof(Fields));
    }
}
