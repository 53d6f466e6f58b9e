namespace MessageRouter.Clustering;

/// <summary>
/// Small values that all nodes of a cluster share, for what a component must not forget when another node goes on with its work: how far it has read, when it is to do something next. A component's
/// constructor may ask for it. Each value has a version, and who writes says which one he has read: of two writers one hears that he came too late, also where he has stood still meanwhile. In a node
/// without a cluster the values are the node's own, and gone with it. Callable from any thread.
/// </summary>
/// <remarks>
/// At most <see cref="MostValues"/> values of <see cref="LongestValue"/> characters, under keys of <see cref="LongestKey"/>: every node has all of them in memory. Nothing is on disk: the values are gone when
/// all nodes are. The oldest node decides, and a value is written when more than half of the nodes have it.
/// </remarks>
/// <example>
/// <code>
/// public sealed class Poll(Poll.Options options, IClusterState state) : InputActor
/// {
///     private async Task&lt;string&gt; NextAsync()
///     {
///         var position = await state.ReadAsync("poll.position");
///         var (text, next) = await options.FetchAsync(position?.Value);
///         if (await state.TryWriteAsync("poll.position", next, position?.Version ?? 0) is null) throw new InvalidOperationException("Another node polls.");
///         return text;
///     }
/// }
/// </code>
/// </example>
public interface IClusterState
{
    /// <summary>The most characters of a key.</summary>
    const int LongestKey = 128;

    /// <summary>The most characters of a value.</summary>
    const int LongestValue = 1024;

    /// <summary>How many values there may be.</summary>
    const int MostValues = 256;

    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key, 1 to 128 characters; by convention begun with the component's name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="ClusterStateException">Nobody has answered for ten seconds and <c>stable-after</c>: the node is not one of its cluster, or that is divided.</exception>
    Task<ClusterValue?> ReadAsync(string key, CancellationToken cancellation = default);

    /// <summary>Writes a value where nobody else has since it was read.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, at most 1024 characters.</param>
    /// <param name="expected">The version that was read; 0 where there was no value.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The new version; null where another one is there, which is to be read first.</returns>
    /// <exception cref="ClusterStateException">Nobody has answered, or there is no room for another value. Where <see cref="ClusterStateException.MayBeWritten"/> says so it may have been written all the same.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; it may have been written all the same.</exception>
    Task<long?> TryWriteAsync(string key, string value, long expected, CancellationToken cancellation = default);
}

/// <summary>A value that the nodes of a cluster share.</summary>
/// <param name="Value">The value.</param>
/// <param name="Version">Which of its versions it is: another number each time that it is written.</param>
public sealed record ClusterValue(string Value, long Version);

/// <summary>A shared value could not be read or written, for now.</summary>
public sealed class ClusterStateException : Exception
{
    internal ClusterStateException(string problem, bool mayBeWritten = false)
        : base(problem) => MayBeWritten = mayBeWritten;

    /// <summary>Whether it is not known if the value was written: read it again to know.</summary>
    public bool MayBeWritten { get; }
}
