using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MessageRouter.Components;
using MessageRouter.Json;

namespace MessageRouter.Filters;

/// <summary>Takes fields out; everything else stays byte for byte, and a message without them passes as it is.</summary>
internal sealed class RemoveFilter(RemoveFilter.Options options) : EditingFilter<FieldPath>(options.Fields.Select(FieldPath.Parse))
{
    protected override bool TryEdit(ReadOnlySpan<byte> json, FieldPath edit, out JsonSplice edited) => JsonEdit.TryRemove(json, edit, out edited);

    protected override Reason Explain(Message message, FieldPath edit, int index) =>
        new(Shown(message, edit) is not null ? $"`{edit}` is removed" : $"it has no `{edit}`", string.Create(CultureInfo.InvariantCulture, $"fields.{index}"));

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to remove: names separated by dots; a name with a dot in it stands in double quotes.")]
        public required IReadOnlyList<string> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            FieldEdit.Validate(Fields, nameof(Fields));
    }
}
