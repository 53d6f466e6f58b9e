namespace MessageRouter.Configuration.Hocon;

/// <summary>
/// Where substitutions look last, what overrides the files, and the limits. Each limit is reported as an error at the
/// place that crosses it; they exist so that no text can exhaust the stack, the memory or the patience of its reader.
/// </summary>
internal sealed record HoconReaderOptions
{
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary><c>path=value</c>, the value in HOCON; they win over all files, later ones over earlier ones.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>How deep objects and arrays may nest, before and after substitution.</summary>
    public int MaxDepth { get; init; } = 200;

    /// <summary>How many substitutions may lead to one another before a value is found.</summary>
    public int MaxSubstitutionDepth { get; init; } = 500;

    /// <summary>How much the substitutions of all files may add, in characters and values.</summary>
    public long MaxResolvedSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Whether what is included is read too; for a look at one file by itself it is not.</summary>
    public bool FollowsIncludes { get; init; } = true;

    /// <summary>Why nothing can be included, and what to do instead; null where it can.</summary>
    public (string Problem, string Hint)? RefusesIncludes { get; init; }

    public int MaxIncludes { get; init; } = 1000;

    public int MaxIncludeDepth { get; init; } = 50;

    /// <summary>How long a file that is included may take to be read.</summary>
    public TimeSpan IncludeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told the name of a file that was given and has not been read after <see cref="Patience"/>: it may be a pipe that nobody writes to. It is waited for all the same.</summary>
    public Action<string>? Waits { get; init; }

    /// <summary>How long a file that was given may take before a word is said.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes all files may have together.</summary>
    public long MaxTextSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many fields and elements all texts may have together: each costs about a kilobyte.</summary>
    public int MaxValues { get; init; } = 250_000;

    public int MaxDiagnostics { get; init; } = 100;
}
