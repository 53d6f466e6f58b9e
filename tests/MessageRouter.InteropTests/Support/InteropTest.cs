namespace MessageRouter.InteropTests.Support;

/// <summary>A test with processes that have work to do.</summary>
public abstract class InteropTest(ITestOutputHelper output) : ProcessTest(output), IClassFixture<WorkingTurn>;
