using MessageRouter.Cluster.Membership;
using MessageRouter.Clustering;

namespace MessageRouter.Cluster.State;

/// <summary>Asks the node that decides.</summary>
/// <param name="decider">That node.</param>
internal sealed class ClusterState(Decider decider) : IClusterState
{
    public async Task<ClusterValue?> ReadAsync(string key, CancellationToken cancellation = default)
    {
        OwnState.CheckKey(key);
        return await AskAsync(new ReadValue(key), canBeRepeated: true, cancellation) is { Value: { } value } told ? new ClusterValue(value, told.Version) : null;
    }

    public async Task<long?> TryWriteAsync(string key, string value, long expected, CancellationToken cancellation = default)
    {
        OwnState.Check(key, value);
        var told = await AskAsync(new WriteValue(key, value, expected), canBeRepeated: false, cancellation);
        return told.Outcome switch
        {
            ValueOutcome.Written => told.Version,
            ValueOutcome.TooLate => null,
            ValueOutcome.Full => throw new ClusterStateException(OwnState.Full),
            _ => throw new ClusterStateException("not enough nodes have answered that they have the value: it may be written or not", mayBeWritten: true),
        };
    }

    /// <param name="word">What is asked.</param>
    /// <param name="canBeRepeated">Whether it does no harm to ask again who has not answered.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<ValueTold> AskAsync(IWord word, bool canBeRepeated, CancellationToken cancellation)
    {
        return await decider.AskAsync<ValueTold>(word, Counts, cancellation) ?? throw new ClusterStateException("nobody of the cluster decides now: the node is not one of it, or it is divided");

        bool Counts(ClusterAddress asked, ValueTold? told) => told is null && !canBeRepeated
            ? throw new ClusterStateException($"{asked}, which decides, has not answered: the value may be written or not", mayBeWritten: true)
            : told is { Outcome: not ValueOutcome.NotHere } && !(canBeRepeated && told.Outcome == ValueOutcome.Unknown);
    }
}
