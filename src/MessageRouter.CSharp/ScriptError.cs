namespace MessageRouter.CSharp;

/// <summary>One thing that the compiler found.</summary>
/// <param name="Start">Where in the script's text it begins.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Message">What is wrong, as a phrase without a full stop.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record ScriptError(int Start, int Length, string Message, string? Hint);
