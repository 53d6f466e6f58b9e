using MessageRouter.Configuration;

namespace MessageRouter.Scripting;

/// <summary>What to do about the mistakes that are made most often.</summary>
internal static class ScriptHints
{
    private static readonly string[] InScope = ["message", "logger", "clock"];

    public static string? For(string id, string culprit) => id switch
    {
        "CS0103" => Suggestion.For(culprit, InScope) is { } near ? $"did you mean `{near}`?" : $"in scope are {string.Join(", ", InScope)}",
        "CS0246" or "CS0234" => "write its full name: only the usual namespaces are in scope",
        "CS1061" => "a field is read as message[\"name\"]",
        "CS1010" or "CS1011" or "CS1012" => "texts stand in double quotes; within \"…\" write \\\", or put the value in \"\"\"…\"\"\"",
        "CS0019" or "CS0023" => "a field compares as message[\"name\"] == value; cast a JToken first: (string)token",
        "CS0029" or "CS0266" => "compare it with a value, or cast it",
        "CS0126" or "CS0161" => "return the message, another one, or null",
        "CS1525" when culprit is "return" => "an expression has no `return`; a body stands in `code`",
        _ => null,
    };
}
