using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Support;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<bool> condition, Func<string>? describe = null) =>
        await PollAsync(condition, () => { }, describe);

    /// <summary>Moves a clock on, step by step, until something has happened.</summary>
    public static async Task IsTrueAsync(Func<bool> condition, FakeTimeProvider clock, TimeSpan step, Func<string>? describe = null) =>
        await PollAsync(condition, () => clock.Advance(step), describe);

    /// <summary>Waits until a number has not changed for a while: nothing tells that a peer's buffers are full.</summary>
    public static async Task IsStableAsync(Func<int> number)
    {
        var (last, times) = (number(), 0);
        await IsTrueAsync(() =>
        {
            times = number() == last ? times + 1 : 0;
            last = number();
            return times == 100;
        });
    }

    private static async Task PollAsync(Func<bool> condition, Action next, Func<string>? describe)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TestNode.Patience;
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, describe?.Invoke() ?? "It did not happen in time.");
            next();
            await Task.Delay(1);
        }
    }
}
