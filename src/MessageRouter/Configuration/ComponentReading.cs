using MessageRouter.Components;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Configuration;

/// <summary>What could be read of a component's block, as far as its connections are concerned: a mistake in one key hides none in the others.</summary>
internal sealed record ComponentReading
{
    public required ComponentRole Role { get; init; }

    public required string Name { get; init; }

    /// <summary>Where its block is named.</summary>
    public required SourceSpan Origin { get; init; }

    /// <summary>The targets that could be read, each with its place.</summary>
    public IReadOnlyList<(string Text, SourceSpan Span)> To { get; init; } = [];

    /// <summary>Where its <c>to</c> stands; its block where it has none.</summary>
    public required SourceSpan ToPlace { get; init; }

    /// <summary>Whether these are all of its targets.</summary>
    public bool ToIsKnown { get; init; }

    /// <summary>The component; null where something is wrong with it, which was reported.</summary>
    public ComponentDefinition? Definition { get; init; }

    /// <summary>Its block; null where it is none.</summary>
    public HoconObject? Block { get; init; }

    public override string ToString() => $"{Role.Word()} `{DiagnosticBag.Shorten(Name)}`";
}
