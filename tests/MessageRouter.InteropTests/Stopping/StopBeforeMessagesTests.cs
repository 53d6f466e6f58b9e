namespace MessageRouter.InteropTests.Stopping;

/// <summary>Nodes that start, or have nothing to do.</summary>
public sealed class StopBeforeMessagesTests(ITestOutputHelper output) : StopTortureTest(output)
{
    public static TheoryData<string, string, int> Cases() => Cases(("starting", 1), ("starting", 2), ("idle", 1), ("idle", 2));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public Task A_node_ends_in_time_and_accounts_for_every_message(string blockage, string phase, int signals) => EndsInTime(blockage, phase, signals);
}
