using MessageRouter.Tests.Support;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Security;

/// <summary>Who computes next where strangers have keys and passwords be computed.</summary>
public class HandshakeGateTests
{
    private const HandshakeWork Key = HandshakeWork.Keys;
    private const HandshakeWork Password = HandshakeWork.Password;
    private const HandshakeWork Last = HandshakeWork.PasswordAfterWrongOnes;

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Keys_and_passwords_have_the_places_together()
    {
        var gate = new HandshakeGate(2, _clock);
        var one = await Enter(gate, Key);
        var other = await Enter(gate, Password);

        var (key, password) = (Enter(gate, Key), Enter(gate, Password));
        Assert.False(key.IsCompleted || password.IsCompleted);

        one.Dispose();
        other.Dispose();
        (await key).Dispose();
        (await password).Dispose();
    }

    [Fact]
    public async Task Where_both_wait_keys_get_as_much_time_as_a_password_takes()
    {
        var order = await WorkOff(new HandshakeGate(1, _clock), Password, Password, Password, Key, Key, Key, Key, Key, Key);

        Assert.Equal([Password, Key, Key, Key, Key, Password, Key, Key, Password], order);
    }

    [Fact]
    public async Task Who_does_not_wait_saves_up_nothing()
    {
        var gate = new HandshakeGate(1, _clock);
        await WorkOff(gate, Password, Password, Password);

        Assert.Equal([Key, Password, Key, Key], await WorkOff(gate, Key, Key, Key, Password));
    }

    [Fact]
    public async Task Passwords_from_where_wrong_ones_came_are_the_last()
    {
        Assert.Equal([Last, Key, Key, Password, Last], await WorkOff(new HandshakeGate(1, _clock), Last, Last, Key, Password, Key));
    }

    [Fact]
    public async Task Who_has_gone_holds_up_nobody()
    {
        var gate = new HandshakeGate(1, _clock);
        using var gone = new CancellationTokenSource();
        var place = await Enter(gate, Password);
        var waiting = gate.EnterAsync(Password, gone.Token).AsTask();
        var next = Enter(gate, Password);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(Key, gone.Token).AsTask());
        place.Dispose();

        (await next).Dispose();
    }

    /// <summary>Keys that take 30 ms, and passwords that take 100 ms.</summary>
    /// <returns>The order in which they got the only place.</returns>
    private async Task<List<HandshakeWork>> WorkOff(HandshakeGate gate, params HandshakeWork[] works)
    {
        List<HandshakeWork> order = [];
        var waiting = works.Select(work => (Work: work, Place: Enter(gate, work))).ToList();
        while (waiting.Count > 0)
        {
            var entered = await Task.WhenAny(waiting.Select(one => one.Place));
            var (work, _) = waiting.Single(one => one.Place == entered);
            waiting.RemoveAll(one => one.Place == entered);
            order.Add(work);
            _clock.Advance(TimeSpan.FromMilliseconds(work == Key ? 30 : 100));
            (await entered).Dispose();
        }
        return order;
    }

    private static Task<IDisposable> Enter(HandshakeGate gate, HandshakeWork work) => gate.EnterAsync(work, CancellationToken.None).AsTask().WaitAsync(TestNode.Patience);
}
