namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>
/// Counts what substitutions add. A few lines that double one another ten times over could fill any memory; when the
/// limit is reached that is said once, and nothing more is substituted.
/// </summary>
internal sealed class Budget(DiagnosticBag diagnostics, HoconReaderOptions options)
{
    private long _left = options.MaxResolvedSize;

    public bool Charge(long size, SourceSpan span)
    {
        if (_left < 0)
        {
            return false;
        }

        _left -= size;
        if (_left >= 0)
        {
            return true;
        }

        _left = -1;
        diagnostics.Error(
            span,
            FormattableString.Invariant($"the substitutions up to here add more than {options.MaxResolvedSize} characters and values"),
            "does a value repeat itself many times over?");
        return false;
    }
}
