using System.Runtime.CompilerServices;

namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>
/// Finds out pending values, each once and only as far as asked. A substitution gets the final value of its path;
/// when that is being found out right now, it gets what lies below it, and when nothing does, it is undefined.
/// </summary>
internal sealed class Resolver
{
    // A merged field is a good deal more work than a copied character.
    private const int MergeCost = 16;
    private readonly Pending _root;
    private readonly DiagnosticBag _diagnostics;
    private readonly HoconReaderOptions _options;
    private readonly Concatenation _concatenation;
    private readonly SubstitutionAdvice _advice;
    private readonly List<SubstitutionDefinition> _active = [];
    private int _depth;
    private bool _depthReported;

    public Resolver(ObjectDefinition root, DiagnosticBag diagnostics, HoconReaderOptions options)
    {
        _root = Pending.Of(root);
        _diagnostics = diagnostics;
        _options = options;
        Budget = new Budget(diagnostics, options);
        _concatenation = new Concatenation(this, diagnostics);
        _advice = new SubstitutionAdvice(root);
    }

    public Pending Root => _root;

    public Budget Budget { get; }

    /// <summary>The head of a value that nobody is finding out; null when it is undefined.</summary>
    public Head? Force(Pending pending)
    {
        if (pending.State == PendingState.Done)
        {
            return pending.Head;
        }

        if (pending.Definition is LiteralDefinition literal)
        {
            return literal.Head;
        }

        if (pending.State == PendingState.Running || !Enter(pending))
        {
            return new BrokenHead(pending.Span);
        }

        pending.State = PendingState.Running;
        var head = Evaluate(pending);
        pending.Head = head;
        pending.State = PendingState.Done;
        _depth--;
        return head;
    }

    /// <summary>Puts an object over what it overrides: fields of both are merged in turn, when they are asked for.</summary>
    public ObjectHead Merge(ObjectHead upper, ObjectHead lower)
    {
        if (!Budget.Charge(MergeCost * (upper.Fields.Count + lower.Fields.Count), upper.Span))
        {
            return upper;
        }

        var merged = new ObjectHead(upper.Span, lower);
        foreach (var field in upper.Fields)
        {
            merged.Set(lower.TryGet(field.Key, out var below) && below.Value != field.Value
                ? field with { Value = Pending.Merged(field.Value, below.Value) }
                : field);
        }

        return merged;
    }

    public ObjectHead Open(ObjectDefinition definition, ObjectHead? lower)
    {
        if (lower is not null && !Budget.Charge(MergeCost * (definition.Fields.Count + lower.Fields.Count), definition.Span))
        {
            lower = null;
        }

        var head = new ObjectHead(definition.Span, lower);
        foreach (var field in definition.Fields)
        {
            var below = lower is not null && lower.TryGet(field.Key, out var known) ? known.Value : null;
            head.Set(new PendingField(field.Key, field.KeySpan, Pending.Of(field, below)));
        }

        return head;
    }

    /// <summary>What a substitution stands for; null when it is optional and there is nothing.</summary>
    public Head? Substitute(SubstitutionDefinition substitution)
    {
        _active.Add(substitution);
        var cycle = false;
        Head? found = null;
        for (var scope = substitution.Scope; scope is not null && found is null; scope = scope.Parent)
        {
            found = Find(scope, substitution.Path, ref cycle);
        }

        found ??= FromEnvironment(substitution);
        if (found is null && !substitution.Optional)
        {
            if (_diagnostics.IsFull)
            {
                _diagnostics.Error(substitution.Span, "a substitution leads nowhere");
            }
            else if (cycle)
            {
                _diagnostics.Error(
                    substitution.Span, $"`${{{substitution.Name}}}` refers to itself, and there is no earlier value", _advice.Cycle(_active));
            }
            else
            {
                _diagnostics.Error(
                    substitution.Span, $"`${{{substitution.Name}}}` is not defined", _advice.Undefined(substitution));
            }

            found = new BrokenHead(substitution.Span);
        }

        _active.RemoveAt(_active.Count - 1);
        if (found is ScalarHead scalar && !Budget.Charge(scalar.Value.Text.Length + 1, substitution.Span))
        {
            return new BrokenHead(substitution.Span);
        }

        return found;
    }

    private Head? Evaluate(Pending pending)
    {
        if (pending.Definition is null)
        {
            var ignored = false;
            var upper = ForceOrLookBack(pending.Upper!, ref ignored);
            return OverBelow(upper, pending.Below);
        }

        switch (pending.Definition)
        {
            case ArrayDefinition array:
                return new ArrayHead(array.Span, array.Items);
            case ObjectDefinition definition:
                return Open(definition, Below(pending.Below) as ObjectHead);
            case SubstitutionDefinition substitution:
                return OverBelow(Substitute(substitution), pending.Below);
            case ConcatenationDefinition concatenation:
                return OverBelow(_concatenation.Join(concatenation), pending.Below);
            case AppendDefinition append:
                return _concatenation.Append(Below(pending.Below), append);
            default:
                return new BrokenHead(pending.Span);
        }
    }

    /// <summary>An undefined value lets the one below through; an object is merged with an object.</summary>
    private Head? OverBelow(Head? upper, Pending? below)
    {
        if (upper is not null and not ObjectHead)
        {
            return upper;
        }

        var lower = Below(below);
        return upper is null ? lower
            : lower is ObjectHead under && !ReferenceEquals(under, upper) ? Merge((ObjectHead)upper, under)
            : upper;
    }

    private Head? Below(Pending? pending)
    {
        var ignored = false;
        return pending is null ? null : ForceOrLookBack(pending, ref ignored);
    }

    private Head? Find(IncludeScope scope, IReadOnlyList<string> path, ref bool cycle)
    {
        var head = ForceOrLookBack(scope.Anchor is null ? _root : scope.Anchor.Element ?? _root, ref cycle);
        foreach (var key in scope.Path.Concat(path))
        {
            if (head is BrokenHead)
            {
                return head;
            }

            if (head is not ObjectHead fields || !fields.TryGet(key, out var field))
            {
                return null;
            }

            head = ForceOrLookBack(field.Value, ref cycle);
        }

        return head;
    }

    private Head? ForceOrLookBack(Pending pending, ref bool cycle)
    {
        for (var earlier = pending; earlier is not null; earlier = earlier.Below)
        {
            if (earlier.State != PendingState.Running)
            {
                return Force(earlier);
            }

            cycle = true;
        }

        return null;
    }

    private ScalarHead? FromEnvironment(SubstitutionDefinition substitution)
    {
        var name = string.Join('.', substitution.Path);
        var value = name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) ? null : _options.Environment(name);
        return value is null
            ? null
            : new ScalarHead(new HoconScalar(substitution.Span, value, HoconScalarKind.String));
    }

    private bool Enter(Pending pending)
    {
        if (_depth < _options.MaxSubstitutionDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _depth++;
            return true;
        }

        if (!_depthReported)
        {
            _depthReported = true;
            _diagnostics.Error(
                pending.Span,
                FormattableString.Invariant($"more than {_options.MaxSubstitutionDepth} substitutions lead to one another here"));
        }

        pending.State = PendingState.Done;
        pending.Head = new BrokenHead(pending.Span);
        return false;
    }
}
