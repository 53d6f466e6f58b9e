using System.Security.Cryptography;
using System.Text;

namespace MessageRouter.Configuration.Hocon;

/// <summary>What was read: the resolved tree, with <see cref="HoconBroken"/> for what could not be found out, and every finding.</summary>
/// <param name="Root">The tree.</param>
/// <param name="Diagnostics">Every finding.</param>
/// <param name="IsWhole">Whether all of the text was read: where a brace is missing, or a file, much else may only seem to be wrong.</param>
internal sealed record HoconDocument(HoconObject Root, IReadOnlyList<Diagnostic> Diagnostics, bool IsWhole)
{
    /// <summary>The files that were named; none where a text was read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Where secrets that are kept in the environment are looked for.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The first 12 digits of the SHA-256 of the resolved tree: the same for files that amount to the same.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(HoconPrinter.Print(Root))))[..12];

    public bool HasErrors { get; } = Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
