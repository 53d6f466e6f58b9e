using MessageRouter.Configuration;
using MessageRouter.Routing;
using MessageRouter.Testing.Conditions;
using MessageRouter.Testing.Expectations;

namespace MessageRouter.Testing.Running;

/// <summary>One test of a node, as its file describes it.</summary>
internal sealed record NodeTest
{
    public required string Name { get; init; }

    /// <summary>The name of its file.</summary>
    public required string File { get; init; }

    /// <summary>Where it is named.</summary>
    public required SourceSpan Place { get; init; }

    public required NodeDefinition Node { get; init; }

    public Givens Given { get; init; } = new();

    public IReadOnlyList<Sending> Sendings { get; init; } = [];

    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>How long it lasts at least, in its own time.</summary>
    public TimeSpan RunFor { get; init; }

    /// <summary>How long it may last, in its own time, before it counts as hung.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long it may take in real time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the node is stopped, as by a signal, before anything is looked at.</summary>
    public bool Stops { get; init; }

    /// <summary>Whether it says which messages fail; where it does not, none may.</summary>
    public bool ExpectsErrors { get; init; }
}
