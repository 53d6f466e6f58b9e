namespace MessageRouter.Configuration.Hocon.Resolution;

internal enum PendingState
{
    New,
    Running,
    Done,
}

/// <summary>
/// A value that is found out when it is asked for: a definition over what it overrides, or two values to be merged.
/// While it is running, whoever asks for it gets what is below it: that is how a value refers to its earlier self.
/// </summary>
internal sealed class Pending
{
    private Pending(Definition? definition, Pending? upper, Pending? below)
    {
        Definition = definition;
        Upper = upper;
        Below = below;
    }

    public Definition? Definition { get; }

    public Pending? Upper { get; }

    public Pending? Below { get; }

    public PendingState State { get; set; }

    /// <summary>Once done; null then means undefined.</summary>
    public Head? Head { get; set; }

    public SourceSpan Span
    {
        get
        {
            var written = this;
            while (written.Definition is null)
            {
                written = written.Upper!;
            }

            return written.Definition.Span;
        }
    }

    public static Pending Of(Definition definition, Pending? below = null) => new(definition, null, below);

    public static Pending Merged(Pending upper, Pending below) => new(null, upper, below);

    public static Pending Of(FieldDefinition field, Pending? below)
    {
        foreach (var layer in field.Layers)
        {
            below = Of(layer, below);
        }

        return below!;
    }
}
