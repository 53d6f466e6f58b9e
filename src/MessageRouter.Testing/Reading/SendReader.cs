using System.Text;
using MessageRouter.Components;
using MessageRouter.Configuration.Binding;
using MessageRouter.Configuration.Hocon;
using MessageRouter.Inputs;
using MessageRouter.Json;
using MessageRouter.Testing.Running;

namespace MessageRouter.Testing.Reading;

/// <summary>Reads <c>send</c>: what comes in, where and when.</summary>
internal sealed class SendReader(OptionsBinder binder, NodeNames names, List<string> filesRead)
{
    private static readonly IReadOnlyList<string> Sources = ["message", "messages", "from", "lines"];

    private static readonly IReadOnlyList<string> Keys = [.. OptionsSchema.Of(typeof(SendSection)).Keys.Select(key => key.Name), .. Sources];

    /// <param name="value">A block, or a list of them.</param>
    public IReadOnlyList<Sending> Read(HoconValue value)
    {
        IReadOnlyList<HoconValue> blocks = value is HoconArray array ? array.Items : [value];
        foreach (var other in blocks.Where(other => other is not (HoconObject or HoconBroken)))
            binder.Error("`send` must be a block, or a list of them", other.Span, "write send { input = [messages] }");
        return [.. blocks.OfType<HoconObject>().SelectMany(names.Resolve).Select(ReadInput).OfType<Sending>()];
    }

    private Sending? ReadInput((NodeNames.Named Named, HoconField Field) to)
    {
        var (named, field) = to;
        if (named.Component?.Role != ComponentRole.Input)
        {
            binder.Error($"messages can be sent to inputs, and {named.What} is none", field.KeySpan);
            return null;
        }
        return field.Value switch
        {
            HoconObject block => ReadBlock(named, field, block),
            HoconBroken => null,
            _ => Listed(named, Messages(field.Value)),
        };
    }

    private Sending? ReadBlock(NodeNames.Named named, HoconField field, HoconObject block)
    {
        var subject = $"what is sent to {named.What}";
        if (block.Fields.All(key => !Keys.Contains(key.Key)))
        {
            binder.Error($"{subject} needs one of {string.Join(", ", Sources.Select(source => $"`{source}`"))}", field.KeySpan, "to send an object as a message, put it in a list: [{ … }]");
            return null;
        }
        var section = (SendSection?)binder.Bind(typeof(SendSection), block, field.KeySpan, subject, "message", "messages");
        var sources = block.Fields.Where(key => Sources.Contains(key.Key)).ToList();
        if (sources.Count != 1)
        {
            if (section is not null)
                binder.Error($"{subject} needs one of {string.Join(", ", Sources.Select(source => $"`{source}`"))}", sources.Count == 0 ? field.KeySpan : sources[1].KeySpan);
            return null;
        }
        var source = sources[0];
        if (source.Key != "message" && block.TryGet("count", out var count)) binder.Error($"`count` of {subject} goes with `message`", count.KeySpan);
        if (section is null || source.Value is HoconBroken) return null;
        var sending = source.Key switch
        {
            "message" => Repeated(named, source.Value, section.Count),
            "messages" => Listed(named, Messages(source.Value)),
            "from" => Listed(named, new Recording(binder, filesRead).Read(section.From, source.Value.Span, section.Component, section.Side)),
            _ => Listed(named, new Recording(binder, filesRead).ReadLines(section.Lines, source.Value.Span)),
        };
        return sending is null ? null : sending with { At = section.At, Rate = section.Rate, Peer = section.Peer?.ToPeer() };
    }

    private Sending? Repeated(NodeNames.Named named, HoconValue value, long count)
    {
        if (Text(value) is not { } text) return null;

        // Within quotes HOCON leaves ${n} alone.
        text = text.Replace("${n}", "%{seq}", StringComparison.Ordinal).Replace("%{n}", "%{seq}", StringComparison.Ordinal);
        string? problem = null;
        if (text.Contains("%{random}", StringComparison.Ordinal)) problem = "cannot have %{random}: a test comes out the same every time";
        else if (MessageTemplate.TryParse(text, out var template, out problem)) return new Sending(named.FullName, count, (number, time) => new Payload(template.Write(number, time)));
        binder.Error($"`message` of what is sent to {named.What} {problem}", value.Span, "${n} stands for the number of the message");
        return null;
    }

    private static Sending? Listed(NodeNames.Named named, IReadOnlyList<Payload>? payloads) =>
        payloads is null ? null : new Sending(named.FullName, payloads.Count, (number, _) => payloads[(int)(number - 1)]);

    private IReadOnlyList<Payload>? Messages(HoconValue value)
    {
        IReadOnlyList<HoconValue> items = value is HoconArray array ? array.Items : [value];
        var texts = items.Select(Text).ToList();
        return texts.Contains(null) ? null : [.. texts.Select(text => new Payload(Encoding.UTF8.GetBytes(text!)))];
    }

    /// <summary>A message's text: as it is written, or of an object its JSON.</summary>
    private string? Text(HoconValue value) => value switch
    {
        HoconScalar scalar => scalar.Text,
        HoconBroken => null,
        _ => new PatternReader(binder, exact: false).Json(value) is { } json ? Encoding.UTF8.GetString(JsonTree.Write(json)) : null,
    };
}
