using Newtonsoft.Json.Linq;

namespace MessageRouter.TestKit;

/// <summary>A message that failed, as the error chain describes it.</summary>
/// <param name="Json">The whole event.</param>
public sealed record ErrorEvent(JObject Json)
{
    /// <summary>The full name of the component that it failed in, such as <c>filters.subject</c>.</summary>
    public string Component => (string)Json["component"]!;

    /// <summary><c>failed</c> where the component threw, <c>undecodable</c> or <c>unencodable</c> where its codec could not read or write it.</summary>
    public string Kind => (string)Json["kind"]!;

    /// <summary>What is wrong: the exception's message, or what the codec says.</summary>
    public string Error => (string)Json["error"]!;

    /// <summary>The exception with its stack trace; null where none was thrown.</summary>
    public string? Exception => (string?)Json["exception"];

    /// <summary>The message's payload as text; null where it is not UTF-8 (then <c>payload_base64</c> has it) or could not be written.</summary>
    public string? Payload => (string?)Json["payload"];

    /// <inheritdoc/>
    public override string ToString() => Json.ToString();
}
