using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MessageRouter.Json;

/// <summary>The tree that filter authors read and edit, to and from bytes.</summary>
internal static class JsonTree
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static JToken Parse(ReadOnlySpan<byte> json)
    {
        using var reader = new JsonTextReader(new StringReader(Utf8.GetString(json)))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
        };
        return JToken.ReadFrom(reader);
    }

    public static byte[] Write(JToken body)
    {
        using var bytes = new MemoryStream(256);
        using (var text = new StreamWriter(bytes, Utf8, 256, leaveOpen: true))
        using (var writer = new JsonTextWriter(text) { Formatting = Formatting.None, Culture = CultureInfo.InvariantCulture })
            body.WriteTo(writer);
        return bytes.ToArray();
    }
}
