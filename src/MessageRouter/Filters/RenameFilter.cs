using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>Gives fields other names or places; everything else stays byte for byte, and a message without them passes as it is.</summary>
internal sealed class RenameFilter(RenameFilter.Options options) : EditingFilter<(FieldPath From, FieldPath To)>(
    FieldEdit.Flatten(options.Fields).Select(field => (FieldPath.Parse(field.Path), FieldPath.Parse((string)field.Value!))))
{
    protected override bool TryEdit(ReadOnlySpan<byte> json, (FieldPath From, FieldPath To) edit, out JsonSplice edited) =>
        JsonEdit.TryRename(json, edit.From, edit.To, out edited);

    protected override Reason Explain(Message message, (FieldPath From, FieldPath To) edit, int index) =>
        new(Shown(message, edit.From) is not null ? $"`{edit.From}` becomes `{edit.To}`" : $"it has no `{edit.From}`", $"fields.{edit.From}");

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to rename, each with its new path: old = new.")]
        public required IReadOnlyDictionary<string, JToken> Fields { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            var fields = FieldEdit.Flatten(Fields).ToList();
            foreach (var problem in FieldEdit.Validate(fields.Select(field => field.Path), nameof(Fields))) yield return problem;
            foreach (var (from, to) in fields)
            {
                if (to.Type != JTokenType.String)
                    yield return new ValidationResult($"gives `{from}` no new name; write the new path as a string", [nameof(Fields)]);
                else if (!FieldPath.TryParse((string)to!, out _, out var problem))
                    yield return new ValidationResult($"`{(string)to!}` is not a field path: {problem}", [nameof(Fields)]);
            }
        }
    }
}
