namespace MessageRouter.Configuration.Hocon.Parsing;

/// <summary>Where a text is, for the includes in it.</summary>
/// <param name="Directory">What relative names are relative to, as users are shown it; empty is the current directory.</param>
/// <param name="FullPath">Null for a text that is no file.</param>
/// <param name="IncludedBy">The file that included it.</param>
internal sealed record FileLocation(string Directory, string? FullPath = null, FileLocation? IncludedBy = null)
{
    public int Depth { get; } = IncludedBy is null ? 0 : IncludedBy.Depth + 1;

    public bool IsWithin(string fullPath)
    {
        for (var file = this; file is not null; file = file.IncludedBy)
        {
            if (file.FullPath == fullPath)
            {
                return true;
            }
        }

        return false;
    }
}
