namespace MessageRouter.Testing.Conditions;

/// <summary>What the outputs of one test have got, and when.</summary>
internal sealed class Arrivals
{
    private readonly Dictionary<string, List<Arrival>> _byOutput = [];

    /// <summary>Those of one output, by its full name, in their order.</summary>
    public IReadOnlyList<Arrival> this[string output] => _byOutput.TryGetValue(output, out var arrivals) ? arrivals : [];

    public void Add(string output, Message message, TimeSpan at)
    {
        if (!_byOutput.TryGetValue(output, out var arrivals)) _byOutput[output] = arrivals = [];
        arrivals.Add(new Arrival(message, at));
    }
}
