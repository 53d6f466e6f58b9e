namespace MessageRouter.Configuration.Hocon.Resolution;

/// <summary>What to say about a substitution that leads nowhere.</summary>
internal sealed class SubstitutionAdvice(ObjectDefinition root)
{
    private const int MostPaths = 5000;
    private const int LongestCycle = 8;
    private List<string>? _paths;

    public string Undefined(SubstitutionDefinition substitution)
    {
        var scope = PathText.Of(substitution.Scope.Path);
        var near = Suggestion.For(substitution.Name, Paths())
            ?? (scope.Length == 0 ? null : Suggestion.For(scope + "." + substitution.Name, Paths()));
        if (near is not null)
        {
            return $"did you mean `${{{near}}}`?";
        }

        return substitution.Path.Count == 1
            ? $"neither a key nor an environment variable; `${{?{substitution.Name}}}` if it may be missing"
            : $"there is no such key; `${{?{substitution.Name}}}` if it may be missing";
    }

    public string? Cycle(IReadOnlyList<SubstitutionDefinition> active)
    {
        // The innermost substitution is the one that came back to a value that is being found out.
        var first = active.Count - 1;
        for (var at = active.Count - 2; at >= 0; at--)
        {
            if (active[at].Path.SequenceEqual(active[^1].Path))
            {
                first = at;
                break;
            }
        }

        var names = active.Skip(first == active.Count - 1 ? 0 : first).Select(substitution => substitution.Name).ToList();
        return names.Count switch
        {
            1 => null,
            > LongestCycle => string.Join(" -> ", names.Take(LongestCycle)) + " -> ...",
            _ => string.Join(" -> ", names),
        };
    }

    private List<string> Paths()
    {
        if (_paths is not null)
        {
            return _paths;
        }

        _paths = [];
        var open = new Queue<(string Prefix, ObjectDefinition Object)>([("", root)]);
        while (open.Count > 0 && _paths.Count < MostPaths)
        {
            var (prefix, current) = open.Dequeue();
            foreach (var field in current.Fields.Take(MostPaths - _paths.Count))
            {
                var path = prefix + PathText.Of([field.Key]);
                _paths.Add(path);
                foreach (var inner in field.Layers.OfType<ObjectDefinition>())
                {
                    open.Enqueue((path + ".", inner));
                }
            }
        }

        return _paths;
    }
}
