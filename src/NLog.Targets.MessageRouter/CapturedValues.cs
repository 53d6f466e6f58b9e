using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessageRouter.Client.Logging;
using NLog.MessageTemplates;

namespace NLog.Targets.MessageRouter;

/// <summary>
/// What a template wants of a value: its structure, <c>{@Order}</c>, or its text, <c>{$Order}</c>. NLog's own converter knows which objects an application has transformed, and
/// ends where they are deep, long or in a circle; what it makes is bounded again where it is written.
/// </summary>
internal static class CapturedValues
{
    /// <summary>Puts what the template wants in the place of what was logged.</summary>
    /// <returns>Whether the converter has failed, which is said in the value's place.</returns>
    public static bool PutInto(IDictionary<string, object?> fields, LogEventInfo logEvent, IJsonConverter converter)
    {
        var hasFailed = false;
        foreach (var parameter in logEvent.MessageTemplateParameters)
        {
            // Where NLog could not make the message, what it had not come to is nothing at all.
            if (parameter.Name is not null && fields.TryGetValue(parameter.Name, out var value) && ReferenceEquals(value, parameter.Value)) fields[parameter.Name] = Of(parameter, converter, ref hasFailed);
        }
        return hasFailed;
    }

    /// <summary>Whether a template asks for anything of that kind.</summary>
    public static bool MayBeIn(string template) => template.Contains("{@", StringComparison.Ordinal) || template.Contains("{$", StringComparison.Ordinal);

    private static object? Of(MessageTemplateParameter parameter, IJsonConverter converter, ref bool hasFailed) => parameter switch
    {
        { Value: null } => null,
        { CaptureType: CaptureType.Serialize, Value: not (JsonElement or JsonNode) } when !Unchanging.Is(parameter.Value.GetType()) => Structure(parameter.Value, converter, ref hasFailed),
        { CaptureType: CaptureType.Stringify, Value: not string } => Text(parameter.Value),
        _ => parameter.Value,
    };

    private static object? Structure(object value, IJsonConverter converter, ref bool hasFailed)
    {
        var json = new StringBuilder();
        try
        {
            return converter.SerializeObject(value, json) ? JsonElement.Parse(Encoding.UTF8.GetBytes(json.ToString())) : value;
        }
        catch (Exception exception)
        {
            // Whatever the application has put in the converter's place.
            hasFailed = true;
            return $"({value.GetType().Name} could not be converted: {exception.GetType().Name})";
        }
    }

    /// <summary>As it is now; what fails is left to the writer, which says it.</summary>
    private static object Text(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception)
        {
            return value;
        }
    }
}
