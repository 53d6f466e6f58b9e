using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Hocon.Parsing;

namespace MessageRouter.Configuration.InForce;

/// <summary>Writes values as JSON, which is HOCON too: numbers as they were written, and everything that JSON has no word for as a text.</summary>
internal static class HoconJson
{
    public static string Write(HoconValue value, bool indented = false)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, value);
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, HoconValue value)
    {
        switch (value)
        {
            case HoconObject block:
                json.WriteStartObject();
                foreach (var field in block.Fields)
                {
                    json.WritePropertyName(field.Key);
                    Write(json, field.Value);
                }
                json.WriteEndObject();
                break;
            case HoconArray array:
                json.WriteStartArray();
                foreach (var item in array.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case HoconScalar { Kind: HoconScalarKind.Boolean, Text: "true" or "false" } scalar:
                json.WriteBooleanValue(scalar.Text == "true");
                break;
            case HoconScalar { Kind: HoconScalarKind.Number } scalar when NumberSyntax.IsNumber(scalar.Text):
                json.WriteRawValue(scalar.Text);
                break;
            case HoconScalar { Kind: not HoconScalarKind.Null } scalar:
                json.WriteStringValue(scalar.Text);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
