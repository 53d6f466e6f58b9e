using System.Text.Json;

namespace MessageRouter.InteropTests.Support;

/// <summary>A node's own account of its messages, as it writes it with <c>--summary-file</c>.</summary>
internal sealed record Ledger(string Node, double UptimeSeconds, Ledger.Component[] Components, Ledger.Edge[] Edges, bool Balanced)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Component this[string name] =>
        Components.SingleOrDefault(component => component.Name == name)
        ?? throw new KeyNotFoundException($"No component {name} in {string.Join(", ", Components.Select(component => component.Name))}.");

    public static Ledger Parse(string json) =>
        JsonSerializer.Deserialize<Ledger>(json, Json) ?? throw new JsonException("The ledger is empty.");

    /// <summary>Adds up every account again and does not take the node's word for it.</summary>
    public void AssertBalanced()
    {
        foreach (var component in Components)
        {
            Assert.True(component.In + component.Created == component.Accounted, $"{component} does not add up.");
        }

        foreach (var edge in Edges)
        {
            var sender = this[edge.From];
            Assert.True(edge.Offered + (edge.NotConnected ?? 0) == (edge.To == "errors" ? sender.ErrorEvents : sender.Out), $"{edge} does not fit its sender: {sender}");
        }

        foreach (var receivers in Edges.GroupBy(edge => edge.To))
        {
            var offered = receivers.Sum(edge => edge.Offered);
            Assert.True(this[receivers.Key].In == offered, $"{receivers.Key} took in {this[receivers.Key].In} of {offered} offered.");
        }

        Assert.True(Balanced, "Every account adds up, yet the node says that its ledger is not balanced.");
    }

    public sealed record Component(
        string Name, string Type, long In, long Created, long Out, long Filtered, long Failed,
        Dictionary<string, long> Dropped, long Queued, long Restarts, string[]? Endpoints, Worker[]? Workers)
    {
        public long DroppedInAll => Dropped.Values.Sum();

        public long Accounted => Out + Filtered + Failed + DroppedInAll + Queued;

        /// <summary>What the error chain must have been told: messages failed, not read, not written.</summary>
        public long ErrorEvents => Failed + Dropped.GetValueOrDefault("undecodable") + Dropped.GetValueOrDefault("unencodable");

        public override string ToString() =>
            $"{Name}: in {In}, created {Created}, out {Out}, filtered {Filtered}, failed {Failed}, queued {Queued}, dropped "
            + string.Join(", ", Dropped.Select(reason => $"{reason.Key} {reason.Value}"));
    }

    public sealed record Worker(string Name, string State, long In, long Out, long? Redelivered, long? Failed, long? Unknown);

    public sealed record Edge(string From, string To, long Offered, long? NotConnected);
}
