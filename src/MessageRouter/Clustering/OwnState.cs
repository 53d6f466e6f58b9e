namespace MessageRouter.Clustering;

/// <summary>The values of a node that is in no cluster.</summary>
internal sealed class OwnState : IClusterState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ClusterValue> _values = [];

    public Task<ClusterValue?> ReadAsync(string key, CancellationToken cancellation = default)
    {
        CheckKey(key);
        lock (_lock) return Task.FromResult(_values.GetValueOrDefault(key));
    }

    public Task<long?> TryWriteAsync(string key, string value, long expected, CancellationToken cancellation = default)
    {
        Check(key, value);
        lock (_lock)
        {
            var known = _values.GetValueOrDefault(key);
            if ((known?.Version ?? 0) != expected) return Task.FromResult<long?>(null);
            if (known is null && _values.Count >= IClusterState.MostValues) throw new ClusterStateException(Full);
            _values[key] = new ClusterValue(value, expected + 1);
            return Task.FromResult<long?>(expected + 1);
        }
    }

    /// <summary>What is said where there is no room.</summary>
    public static string Full => FormattableString.Invariant($"there are {IClusterState.MostValues} shared values already: let components share fewer, or put several things into one");

    /// <exception cref="ArgumentException">It is no key.</exception>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > IClusterState.LongestKey) throw new ArgumentException(FormattableString.Invariant($"A key has at most {IClusterState.LongestKey} characters."), nameof(key));
    }

    /// <exception cref="ArgumentException">It is no key, or no value.</exception>
    public static void Check(string key, string value)
    {
        CheckKey(key);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length > IClusterState.LongestValue) throw new ArgumentException(FormattableString.Invariant($"A value has at most {IClusterState.LongestValue} characters."), nameof(value));
    }
}
