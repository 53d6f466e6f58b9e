using System.Runtime.CompilerServices;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>Builds the finished tree. What is undefined is left out; shared parts are built once.</summary>
internal sealed class Builder(Resolver resolver, DiagnosticBag diagnostics, HoconReaderOptions options)
{
    private static readonly Built Nothing = new(null, 0, 0);
    private bool _depthReported;

    public HoconObject BuildRoot() => Build(resolver.Root, depth: 0).Value as HoconObject ?? new HoconObject(resolver.Root.Span, []);

    private Built Build(Pending pending, int depth)
    {
        var forced = resolver.Force(pending);
        if (forced is ScalarHead scalar)
        {
            return new Built(scalar.Value, scalar.Value.Text.Length + 1, 0);
        }

        if (forced is not StructureHead head)
        {
            return forced is BrokenHead ? Broken(pending) : Nothing;
        }

        if (head.IsBuilding)
        {
            ReportCycle(pending);
            return Broken(pending);
        }

        if (depth + (head.Built?.Height ?? 1) > options.MaxDepth + 1 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            ReportDepth(pending);
            return Broken(pending);
        }

        if (head.Built is { } known)
        {
            return resolver.Budget.Charge(known.Size, pending.Span) ? known : Broken(pending);
        }

        head.IsBuilding = true;
        var built = head is ObjectHead fields ? BuildObject(fields, depth) : BuildArray((ArrayHead)head, depth);
        head.Built = built;
        head.IsBuilding = false;
        return built;
    }

    private Built BuildObject(ObjectHead head, int depth)
    {
        var fields = new List<HoconField>(head.Fields.Count);
        long size = 1;
        var height = 0;
        foreach (var field in head.Fields)
        {
            var built = Build(field.Value, depth + 1);
            if (built.Value is not null)
            {
                fields.Add(new HoconField(field.Key, field.KeySpan, built.Value));
                size += built.Size + field.Key.Length + 1;
                height = Math.Max(height, built.Height);
            }
        }

        return new Built(new HoconObject(head.Span, fields), size, height + 1);
    }

    private Built BuildArray(ArrayHead head, int depth)
    {
        var items = new List<HoconValue>(head.Items.Count);
        long size = 1;
        var height = 0;
        foreach (var item in head.Items)
        {
            var built = Build(item, depth + 1);
            if (built.Value is not null)
            {
                items.Add(built.Value);
                size += built.Size;
                height = Math.Max(height, built.Height);
            }
        }

        return new Built(new HoconArray(head.Span, items), size, height + 1);
    }

    private static Built Broken(Pending pending) => new(new HoconBroken(pending.Span), 1, 0);

    private void ReportCycle(Pending pending)
    {
        var name = pending.Definition is SubstitutionDefinition substitution ? $"`${{{substitution.Name}}}`" : "this value";
        diagnostics.Error(pending.Span, $"{name} contains itself");
    }

    private void ReportDepth(Pending pending)
    {
        if (!_depthReported)
        {
            _depthReported = true;
            diagnostics.Error(
                pending.Span, FormattableString.Invariant($"substitution nests this more than {options.MaxDepth} levels deep"));
        }
    }
}
