namespace MessageRouter.Cli.Completion;

/// <summary>The scripts that have a shell ask this program how a command line may go on.</summary>
internal static class Shells
{
    public static readonly IReadOnlyList<string> Names = ["bash", "zsh", "fish", "pwsh"];

    public static string Script(string shell)
    {
        using var stream = typeof(Shells).Assembly.GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
