using System.Text;
using System.Text.Json;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Binding;
using MessageRouter.Testing.Running;
using MessageRouter.Zmtp;

namespace MessageRouter.Testing.Reading;

/// <summary>Reads messages from files: what <c>message-router tap --record</c> has written, or a message a line.</summary>
internal sealed class Recording(OptionsBinder binder, List<string> filesRead)
{
    /// <param name="path">The file, relative to the one that names it.</param>
    /// <param name="place">Where it is named.</param>
    /// <param name="component">Whose messages; empty where it has those of one only.</param>
    /// <param name="side">Which of its sides; empty where it has one only.</param>
    /// <returns>Null where something is wrong, which is reported.</returns>
    public IReadOnlyList<Payload>? Read(string path, SourceSpan place, string component, string side)
    {
        if (ReadFile(path, place) is not { } lines) return null;
        var payloads = new List<Payload>();
        var sources = new HashSet<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            try
            {
                using var json = JsonDocument.Parse(lines[i]);
                var (of, at) = (TextOf(json.RootElement, "component"), TextOf(json.RootElement, "side"));
                if (of is null || at is null) return Wrong(path, i, "is no message that `message-router tap --record` has written", place, "for a file with a message a line write lines = …");
                if (!IsMeant(component, of) || (side.Length > 0 && side != at)) continue;
                if (json.RootElement.TryGetProperty("cut", out var cut) && cut.ValueKind == JsonValueKind.True) return Wrong(path, i, "is a message that was cut, since it was too large for a tap", place);
                sources.Add($"{of}, side {at}");
                payloads.Add(PayloadOf(json.RootElement));
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                return Wrong(path, i, "is no message that `message-router tap --record` has written", place, "for a file with a message a line write lines = …");
            }
        }
        if (sources.Count > 1) binder.Error($"`{path}` has messages of {string.Join("; ", sources.Order(StringComparer.Ordinal))}", place, "say which are meant, with `component` and `side`");
        else if (payloads.Count == 0) binder.Error($"`{path}` has no such message", place);
        else return payloads;
        return null;
    }

    /// <summary>Each line as a message; empty lines are none.</summary>
    /// <inheritdoc cref="Read"/>
    public IReadOnlyList<Payload>? ReadLines(string path, SourceSpan place) =>
        ReadFile(path, place)?.Where(line => line.Length > 0).Select(line => new Payload(Encoding.UTF8.GetBytes(line))).ToList();

    private static bool IsMeant(string wanted, string component) =>
        wanted.Length == 0 || wanted == component || component.EndsWith($".{wanted}", StringComparison.Ordinal);

    private static Payload PayloadOf(JsonElement json)
    {
        var bytes = TextOf(json, "payload") is { } text ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(TextOf(json, "payload_base64") ?? "");
        ReadOnlyMemory<byte>[] frames = json.TryGetProperty("frames_base64", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(frame => (ReadOnlyMemory<byte>)Convert.FromBase64String(frame.GetString() ?? ""))]
            : [];
        return new Payload(bytes, frames.Length > 0 ? frames : null);
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string[]? ReadFile(string path, SourceSpan place)
    {
        var file = Path.Combine(place.Source.Directory, path);
        filesRead.Add(file);
        try
        {
            FileKind.RequireFile(file);
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            binder.Error($"cannot read `{file}`: {exception.Message.TrimEnd('.')}", place);
            return null;
        }
    }

    private IReadOnlyList<Payload>? Wrong(string path, int line, string problem, SourceSpan place, string? hint = null)
    {
        binder.Error(FormattableString.Invariant($"line {line + 1} of `{path}` {problem}"), place, hint);
        return null;
    }
}
