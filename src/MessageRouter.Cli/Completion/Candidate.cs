namespace MessageRouter.Cli.Completion;

/// <summary>One word that a command line may go on with.</summary>
/// <param name="Word">The word.</param>
/// <param name="Description">What it means, for shells that show it.</param>
internal sealed record Candidate(string Word, string Description = "")
{
    /// <summary>Stands for the files that there are, which shells know best.</summary>
    public static readonly Candidate Files = new(":files");

    /// <summary>A word with the first sentence of a longer description.</summary>
    public static Candidate Of(string word, string? description)
    {
        var end = description?.IndexOfAny(['.', ';', '\n'], 0) ?? -1;
        while (end >= 0 && end + 1 < description!.Length && description[end] == '.' && !char.IsWhiteSpace(description[end + 1])) end = description.IndexOfAny(['.', ';', '\n'], end + 1);
        return new Candidate(word, end < 0 ? description ?? "" : description![..end]);
    }

    /// <summary>The line that shells read.</summary>
    public override string ToString() => this == Files ? Word : $"{Word}\t{Description}";
}
