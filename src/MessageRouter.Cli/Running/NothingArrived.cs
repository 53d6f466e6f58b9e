using MessageRouter.Components;
using MessageRouter.Ledger;

namespace MessageRouter.Cli.Running;

/// <summary>Whether messages came in and none has left, for another reason than that filters wanted it so.</summary>
internal static class NothingArrived
{
    private static readonly string Inputs = ComponentRole.Input.Section() + ".";
    private static readonly string Outputs = ComponentRole.Output.Section() + ".";

    public static bool In(LedgerSnapshot ledger) =>
        Of(ledger, Inputs).Any(line => line.In > 0)
        && Of(ledger, Outputs).All(line => line.Out == 0)
        && ledger.Components.Any(line => line.Failed > 0 || line.Dropped.Count > 0);

    private static IEnumerable<ComponentLine> Of(LedgerSnapshot ledger, string section) =>
        ledger.Components.Where(line => line.Name.StartsWith(section, StringComparison.Ordinal));
}
