using MessageRouter.Configuration;

namespace MessageRouter.CSharp;

/// <summary>What to do about the mistakes that are made most often.</summary>
internal static class ScriptHints
{
    private static readonly string[] InScope = ["message", "logger", "clock"];

    private const string Quotes = "texts stand in double quotes; within \"…\" write \\\", or put the value in \"\"\"…\"\"\"";
    private const string Returns = "return the message, another one, or null";

    /// <param name="id">The compiler's number of the mistake.</param>
    /// <param name="culprit">The text that it is about.</param>
    /// <param name="message">What the compiler says of it.</param>
    public static string? For(string id, string culprit, string message) => id switch
    {
        "CS0103" => Suggestion.For(culprit, InScope) is { } near ? $"did you mean `{near}`?" : $"in scope are {string.Join(", ", InScope)}",
        "CS0246" or "CS0234" => "write its full name: only the usual namespaces are in scope",
        "CS1061" => "a field is read as message[\"name\"]",
        "CS1010" or "CS1011" or "CS1012" => Quotes,
        "CS0619" when message.Contains("MessageField.operator", StringComparison.Ordinal) => Quotes,
        "CS0019" or "CS0023" => "a field compares as message[\"name\"] == value; cast a JToken first: (string)token",
        "CS0029" or "CS0266" when message.Contains("to 'MessageRouter.Message'", StringComparison.Ordinal) => Returns,
        "CS0029" or "CS0266" => "compare it with a value, or cast it",
        "CS0126" or "CS0161" => Returns,
        "CS1992" or "CS4032" or "CS4033" => "C# in the configuration does not wait; what waits is an AsyncFilterActor in a plug-in",
        "CS1525" when culprit is "return" => "an expression has no `return`; a body stands in `code`",
        _ => null,
    };
}
