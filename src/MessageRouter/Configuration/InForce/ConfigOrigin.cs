using System.Globalization;

namespace MessageRouter.Configuration.InForce;

/// <summary>Where a value is from, for people.</summary>
internal static class ConfigOrigin
{
    public const string Default = "default";

    private static readonly SourceText Defaults = new(Default, "");

    /// <summary>The place of what is written nowhere.</summary>
    public static SourceSpan OfDefaults { get; } = new(Defaults, 1, 1, 0);

    public static string Of(SourceSpan span) => span.Source switch
    {
        var source when source == Defaults => Default,
        { Name: "--set" } => "--set",
        var source => string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{span.Line}"),
    };
}
