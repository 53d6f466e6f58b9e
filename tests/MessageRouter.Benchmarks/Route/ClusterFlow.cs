using System.Globalization;

namespace MessageRouter.Benchmarks.Route;

/// <summary>What one way between nodes did in a turn.</summary>
/// <param name="Rate">Messages a second.</param>
/// <param name="Giver">Processor seconds of the node that gives, for a million messages.</param>
/// <param name="Takers">The same of those who take, all together.</param>
internal sealed record ClusterFlow(double Rate, double Giver, double Takers)
{
    public double Processor => Giver + Takers;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:N0} messages/s at {Giver:0.00} + {Takers:0.00} CPU s/M");
}
