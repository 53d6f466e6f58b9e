using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using MessageRouter.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Filters;

/// <summary>
/// Gives fields fixed values, or what is known of who sent the message, with missing parents added; everything else stays byte for byte. A field for what
/// is known of the peer never keeps what the message brought in it: where nothing is known it has its value of <c>fields</c>, or is removed.
/// </summary>
internal sealed class SetFilter(SetFilter.Options options) : EditingFilter<SetFilter.Edit>(options.Edits())
{
    protected override void Meet(MessagePeer? peer)
    {
        foreach (var edit in Edits) edit.Value = edit.ValueOf(peer);
    }

    protected override bool TryEdit(ReadOnlySpan<byte> json, Edit edit, out JsonSplice edited)
    {
        edited = default;
        if (edit.Value is not { } value) return !edit.HasDefault && JsonEdit.TryRemove(json, edit.Path, out edited);
        edited = JsonEdit.Set(json, edit.Path, value);
        return true;
    }

    protected override Reason Explain(Message message, Edit edit, int index)
    {
        var before = Shown(message, edit.Path);
        var key = $"{(edit.Property is null ? "fields" : "from-peer")}.{edit.Path}";
        if (edit.ValueOf(message.Peer) is not { } value) return new Reason($"the peer's {edit.Property} is not known{(edit.HasDefault ? "" : before is null ? $", so that `{edit.Path}` is not set" : $", so that `{edit.Path}` is removed; it was {before}")}", key);
        return new Reason($"`{edit.Path}` is set to {FieldEdit.Shown(value)}{(edit.Property is null ? "" : $", the peer's {edit.Property}")}; it was {before ?? "not there"}", key);
    }

    /// <summary>What is done with one field.</summary>
    internal sealed class Edit
    {
        private readonly byte[]? _fixedValue;

        /// <summary>It gets a fixed value.</summary>
        public Edit(FieldPath path, byte[] value)
        {
            Path = path;
            Value = _fixedValue = value;
        }

        /// <summary>It gets what is known of the peer.</summary>
        public Edit(FieldPath path, PeerProperty property, bool hasDefault)
        {
            Path = path;
            Property = property;
            HasDefault = hasDefault;
        }

        public FieldPath Path { get; }

        /// <summary>What of the peer; null for a fixed value.</summary>
        public PeerProperty? Property { get; }

        /// <summary>Whether it has got a fixed value before, which stays where nothing is known of the peer.</summary>
        public bool HasDefault { get; }

        /// <summary>What it gets in messages of the peer that was met last; null where that is not known.</summary>
        public byte[]? Value { get; set; }

        public byte[]? ValueOf(MessagePeer? peer) => Property is null ? _fixedValue : Property.Of(peer) is { } text ? JsonText.Quote(text) : null;
    }

    internal sealed record Options : IValidatableObject
    {
        [Description("The fields to set with their values. A block within the block sets the fields in it and leaves their siblings.")]
        public IReadOnlyDictionary<string, JToken> Fields { get; init; } = new Dictionary<string, JToken>();

        [Description("Fields to set to what is known of who sent the message: sender = identity, or address, public-key, mechanism, routing-id, attributes.NAME. Where that is not known, a field has its value of `fields`, or is removed.")]
        public IReadOnlyDictionary<string, JToken> FromPeer { get; init; } = new Dictionary<string, JToken>();

        /// <summary>Those with fixed values come first.</summary>
        internal IEnumerable<Edit> Edits()
        {
            var fixedValues = FieldEdit.Flatten(Fields).Select(set => new Edit(FieldPath.Parse(set.Path), JsonTree.Write(set.Value))).ToList();
            return [.. fixedValues, .. FieldEdit.Flatten(FromPeer).Select(set => OfPeer(FieldPath.Parse(set.Path), set.Value))];

            Edit OfPeer(FieldPath path, JToken property) => new(path, Property(property)!, fixedValues.Exists(set => set.Path.Segments.SequenceEqual(path.Segments)));
        }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Fields.Count > 0 || FromPeer.Count == 0)
            {
                foreach (var problem in FieldEdit.Validate(FieldEdit.Flatten(Fields).Select(field => field.Path), nameof(Fields))) yield return problem;
            }
            foreach (var (path, value) in FieldEdit.Flatten(FromPeer))
            {
                if (!FieldPath.TryParse(path, out _, out var problem)) yield return new ValidationResult($"`{path}` is not a field path: {problem}", [nameof(FromPeer)]);
                else if (Property(value) is null) yield return new ValidationResult($"gives `{path}` nothing that is known of a peer; write one of {PeerProperty.Names}", [nameof(FromPeer)]);
            }
        }

        private static PeerProperty? Property(JToken value) => value.Type == JTokenType.String && PeerProperty.TryParse((string)value!, out var property) ? property : null;
    }
}
