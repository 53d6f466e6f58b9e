namespace MessageRouter.Control;

/// <summary>The package that compiles C#.</summary>
internal interface IBringsConditions
{
    /// <summary>Compiles an expression over <c>message</c>.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="problems">What is wrong with it: where it begins in the text, how long it is, what, and what to do about it.</param>
    /// <returns>Whether a message meets it; null where there are problems.</returns>
    Func<Message, bool>? Compile(string text, out IReadOnlyList<(int Start, int Length, string Problem, string? Hint)> problems);
}
