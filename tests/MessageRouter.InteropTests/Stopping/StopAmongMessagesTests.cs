namespace MessageRouter.InteropTests.Stopping;

/// <summary>Nodes whose messages flow, and nodes that drain already.</summary>
public sealed class StopAmongMessagesTests(ITestOutputHelper output) : StopTortureTest(output)
{
    public static TheoryData<string, string, int> Cases() => Cases(("flooded", 1), ("flooded", 2), ("draining", 0), ("draining", 1), ("draining", 2));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public Task A_node_ends_in_time_and_accounts_for_every_message(string blockage, string phase, int signals) => EndsInTime(blockage, phase, signals);
}
