using System.Text;
using System.Text.Unicode;
using MessageRouter.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Testing.Conditions;

/// <summary>A message that an output has got, so long after the test's begin.</summary>
internal sealed record Arrival(Message Message, TimeSpan At)
{
    private JToken? _body;

    /// <summary>Its payload as text; in base64 where it is none.</summary>
    public string Text => TextOf(Message);

    /// <summary>Its payload as JSON, whatever its codec; a text where it is none.</summary>
    public JToken Body => _body ??= BodyOf(Message);

    public static JToken BodyOf(Message message)
    {
        var payload = message.Payload.Span;
        if (!JsonCheck.IsDocument(payload, out _)) return new JValue(TextOf(message));
        try
        {
            return JsonTree.Parse(payload);
        }
        catch (JsonException)
        {
            return new JValue(TextOf(message));
        }
    }

    private static string TextOf(Message message) =>
        Utf8.IsValid(message.Payload.Span) ? Encoding.UTF8.GetString(message.Payload.Span) : Convert.ToBase64String(message.Payload.Span);
}
