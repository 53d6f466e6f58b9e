using System.Globalization;
using System.Text;

namespace MessageRouter.Configuration.Hocon;

/// <summary>
/// Writes a resolved value as text that this reader and Akka.NET's own read back to the same values. All keys and
/// strings are quoted, so that nothing in them can become syntax.
/// </summary>
internal static class HoconPrinter
{
    public static string Print(HoconValue value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder();
        WriteString(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, HoconValue value, int level)
    {
        switch (value)
        {
            case HoconObject { Fields.Count: 0 }:
                text.Append("{}");
                break;
            case HoconObject fields:
                text.Append("{\n");
                foreach (var field in fields.Fields)
                {
                    text.Append(' ', (level + 1) * 2);
                    WriteString(text, field.Key);
                    text.Append(" : ");
                    Write(text, field.Value, level + 1);
                    text.Append('\n');
                }

                text.Append(' ', level * 2).Append('}');
                break;
            case HoconArray array:
                text.Append('[');
                for (var index = 0; index < array.Items.Count; index++)
                {
                    text.Append(index == 0 ? "" : ", ");
                    Write(text, array.Items[index], level);
                }

                text.Append(']');
                break;
            case HoconSecret secret:
                WriteString(text, secret.ToString());
                break;
            case HoconScalar { Kind: HoconScalarKind.String } scalar:
                WriteString(text, scalar.Text);
                break;
            case HoconScalar scalar:
                text.Append(scalar.Text);
                break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
