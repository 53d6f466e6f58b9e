namespace MessageRouter.Zmtp.Security;

/// <summary>A file of keys or users, or a folder of such, cannot be used. Nothing that is secret is in the message.</summary>
public sealed class SecurityFileException : IOException
{
    internal SecurityFileException(string path, string problem, string cure, int? line = null)
        : base($"`{path}`{(line is { } number ? FormattableString.Invariant($", line {number},") : "")} {problem}; {cure}.")
    {
        Problem = $"`{path}`{(line is { } place ? FormattableString.Invariant($", line {place},") : "")} {problem}";
        Cure = cure;
    }

    /// <summary>What is wrong and where, as a phrase that begins with the path.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string Cure { get; }

    /// <summary>Whether there is nothing at that path.</summary>
    internal bool IsAbsent { get; init; }
}
