namespace MessageRouter.Tests.Support;

/// <summary>Waits for what must come about but tells nobody when it does.</summary>
internal static class Until
{
    public static async Task IsTrue(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience);
        while (!condition()) await Task.Delay(1, patience.Token);
    }
}
