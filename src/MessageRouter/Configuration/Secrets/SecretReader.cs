using MessageRouter.Configuration.Hocon;
using MessageRouter.Configuration.Hocon.Resolution;

namespace MessageRouter.Configuration.Secrets;

/// <summary>
/// Puts secrets where a configuration says where they are kept: in the options of components, and in the environment of worker processes. Everything else,
/// such as names and endpoints, is what a node shows of itself.
/// </summary>
internal sealed class SecretReader(Func<string, string?> environment, List<Diagnostic> diagnostics)
{
    private static readonly HashSet<string> Shown =
        ["type", "class", "to", "decode", "encode", "instances", "route", "singleton", "role", "retry", "mailbox", "supervision", "rate-limit", "bind", "connect", "workers", "path"];

    /// <summary>One that stands in several places is read once.</summary>
    private readonly Dictionary<string, HoconSecret?> _read = [];

    /// <summary>The router's block with them.</summary>
    public HoconObject Read(HoconObject router) => (HoconObject)Read(router, []);

    /// <summary>Reports every secret in what is handed to somebody who shows it.</summary>
    public void Refuse(HoconValue value, string whose)
    {
        if (SecretSource.Of(value) is { } block) diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, $"`{whose}` cannot have secrets: Akka.NET shows its settings", block.Span));
        else foreach (var inner in Parts(value)) Refuse(inner, whose);
    }

    private HoconValue Read(HoconValue value, IReadOnlyList<string> path)
    {
        if (MayStandAt(path) && SecretSource.Of(value) is { } block) return (HoconValue?)Secret(value, block, path) ?? new HoconBroken(value.Span);
        switch (value)
        {
            case HoconObject fields:
                var changed = fields.Fields.Select(field => Read(field.Value, [.. path, field.Key])).ToList();
                return changed.Zip(fields.Fields).All(pair => ReferenceEquals(pair.First, pair.Second.Value))
                    ? value
                    : new HoconObject(value.Span, changed.Zip(fields.Fields, (inner, field) => field with { Value = inner }));
            case HoconArray array:
                var items = array.Items.Select(item => Read(item, path)).ToList();
                return items.SequenceEqual(array.Items) ? value : new HoconArray(value.Span, items);
            default:
                return value;
        }
    }

    private HoconSecret? Secret(HoconValue value, HoconObject block, IReadOnlyList<string> path)
    {
        var key = HoconPrinter.Print(SecretSource.Located(block));
        if (_read.TryGetValue(key, out var known)) return known is null ? null : new HoconSecret(value.Span, known.Text);
        HoconSecret? secret = null;
        try
        {
            secret = new HoconSecret(value.Span, SecretSource.Read(block, environment, SecretCommands.OfProcess));
            KnownSecrets.Add(secret.Text);
        }
        catch (SecretException exception)
        {
            diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, $"cannot read the secret `{PathText.Of(["router", .. path])}`: {exception.Message}", value.Span, exception.Hint));
        }
        return _read[key] = secret;
    }

    private static bool MayStandAt(IReadOnlyList<string> path) => path switch
    {
        ["inputs" or "filters" or "outputs", _, var key, ..] => !Shown.Contains(key),
        ["errors", var key, ..] => !Shown.Contains(key),
        ["workers", "environment", _] or ["workers", _, "environment", _] => true,
        _ => false,
    };

    private static IEnumerable<HoconValue> Parts(HoconValue value) => value switch
    {
        HoconObject block => block.Fields.Select(field => field.Value),
        HoconArray array => array.Items,
        _ => [],
    };
}
