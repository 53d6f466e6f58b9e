using MessageRouter.Components;

namespace MessageRouter.Configuration.Checks;

/// <summary>What is promised to messages from an input to an output, whichever way they take.</summary>
/// <param name="From">The input.</param>
/// <param name="To">The output.</param>
/// <param name="Weakest">The weakest link between them.</param>
internal sealed record PathPromise(ComponentDefinition From, ComponentDefinition To, WeakestLink Weakest);

/// <summary>Follows what is promised to messages, and finds where that is less than an end of theirs promises.</summary>
internal static class PathPromises
{
    /// <summary>Steps that nobody waits for any longer.</summary>
    private const long MostSteps = 5_000_000;

    /// <returns>One for every input and output with a way between them; null where there are too many to find out.</returns>
    public static IReadOnlyList<PathPromise>? All(Flow flow)
    {
        var inputs = flow.InFile.Where(component => component.Role == ComponentRole.Input).ToList();
        return inputs.Count * (flow.Connections + flow.InOrder.Count) > MostSteps ? null : [.. inputs.SelectMany(input => Of(input, flow))];
    }

    public static IEnumerable<Diagnostic> Find(Flow flow)
    {
        var keeping = Keeping(flow);
        var weakest = new Dictionary<string, WeakestLink>();
        var answered = new Dictionary<string, ComponentDefinition>();
        var onlyAnswered = new HashSet<string>();
        foreach (var component in flow.InOrder)
        {
            if (component.Role == ComponentRole.Input)
            {
                weakest[component.Name] = WeakestLink.OfInput(component);
                if (weakest[component.Name].Promise != Promise.AtLeastOnce) continue;
                answered[component.Name] = component;
                onlyAnswered.Add(component.Name);
                continue;
            }

            // Copies that are placed on other nodes only are fed by nobody here.
            var feeders = flow.FeedersOf(component).Where(feeder => weakest.ContainsKey(feeder.Name)).ToList();
            if (feeders.Count == 0) continue;

            // A message that is answered for is given again where it was dropped.
            weakest[component.Name] = feeders.Select(feeder => weakest[feeder.Name].And(onlyAnswered.Contains(feeder.Name) ? null : WeakestLink.OfMailbox(component, flow.PolicyOf(feeder, component)))).MinBy(link => link.Promise)!;
            if (feeders.Select(feeder => answered.GetValueOrDefault(feeder.Name)).FirstOrDefault(input => input is not null) is { } source) answered[component.Name] = source;
            if (feeders.All(feeder => onlyAnswered.Contains(feeder.Name))) onlyAnswered.Add(component.Name);
            if (component.Role != ComponentRole.Output || WeakestLink.OfOutput(component) is not { } own) continue;
            if (own.Promise == Promise.AtLeastOnce && weakest[component.Name] is { Promise: Promise.Lossy } loss)
                yield return Warning($"output `{component.Name}` promises at-least-once, and what is to go there may be lost before, at {Described(loss)}", loss.At,
                    loss.At.Role == ComponentRole.Input ? "take what must not be lost with socket-type = pull" : "set `overflow = wait` in its `mailbox`, where its senders can wait");
            else if (own.Promise != Promise.AtLeastOnce && answered.GetValueOrDefault(component.Name) is { } input && !keeping.Contains(input.Name))
                yield return Warning($"input `{input.Name}` answers at-least-once for what output `{component.Name}` may still lose: {own.Because}", component, "a distributor with delivery = at-least-once passes the promise on");
        }
    }

    /// <summary>The components behind which some output keeps what it is given: to what else they send, such as a PUB for who likes to look, is beside that.</summary>
    private static HashSet<string> Keeping(Flow flow)
    {
        var keeping = new HashSet<string>();
        foreach (var component in flow.InOrder.Reverse())
        {
            if (component.Role == ComponentRole.Output ? WeakestLink.OfOutput(component) is null or { Promise: Promise.AtLeastOnce } : component.To.Any(keeping.Contains)) keeping.Add(component.Name);
        }
        return keeping;
    }

    private static IEnumerable<PathPromise> Of(ComponentDefinition input, Flow flow)
    {
        var start = WeakestLink.OfInput(input);
        var weakest = new Dictionary<string, WeakestLink> { [input.Name] = start };
        foreach (var component in flow.InOrder.Where(component => component.Role != ComponentRole.Input))
        {
            var link = flow.FeedersOf(component).Where(feeder => weakest.ContainsKey(feeder.Name))
                .Select(feeder => weakest[feeder.Name].And(start.Promise == Promise.AtLeastOnce ? null : WeakestLink.OfMailbox(component, flow.PolicyOf(feeder, component))))
                .MinBy(link => link.Promise);
            if (link is not null) weakest[component.Name] = link;
        }
        return flow.InFile.Where(component => component.Role == ComponentRole.Output && weakest.ContainsKey(component.Name))
            .Select(output => new PathPromise(input, output, weakest[output.Name].And(WeakestLink.OfOutput(output))));
    }

    private static string Described(WeakestLink link) => $"{link.At.Role.Word()} `{link.At.Name}`: {link.Because}";

    private static Diagnostic Warning(string message, ComponentDefinition at, string hint) => new(DiagnosticSeverity.Warning, message, at.Origin, hint);
}
