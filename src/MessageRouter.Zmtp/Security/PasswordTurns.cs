using System.Net;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Whose password is computed next: one at a time of each address, and after a wrong one that address rests, the longer the more of them came one after the other, and goes after all that have none. So one address
/// that floods holds up itself; who comes from another one waits for one password at most of each from which no wrong one came lately, and hardly for the others.
/// </summary>
/// <param name="clock">The clock of the rests.</param>
/// <param name="gate">Where passwords are computed.</param>
internal sealed class PasswordTurns(TimeProvider clock, HandshakeGate gate)
{
    /// <summary>Addresses that are remembered for their wrong passwords; those that wait come on top of that.</summary>
    internal const int MostRemembered = 4096;

    /// <summary>After that an address has no wrong passwords any more.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(50);

    /// <summary>Within the time of a handshake, so that a right password comes through.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressKey, Line> _lines = [];

    /// <summary>All who come by Unix domain sockets.</summary>
    private readonly Line _local = new();

    /// <summary>The clock of the rests; it may change before anybody comes.</summary>
    public TimeProvider Clock { get; set; } = clock;

    /// <summary>How many addresses are remembered.</summary>
    internal int Addresses
    {
        get
        {
            lock (_lock) return _lines.Count;
        }
    }

    /// <summary>How long an address rests.</summary>
    /// <param name="failures">Wrong passwords that came from it one after the other.</param>
    public static TimeSpan RestAfter(int failures) =>
        failures == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, FirstRest.Ticks << Math.Min(failures - 1, 10)));

    /// <summary>Has a password be checked when it is its turn, never on the calling thread.</summary>
    /// <param name="address">Where it came from; null for a Unix domain socket.</param>
    /// <param name="check">Checks it.</param>
    /// <param name="ended">Cancelled when nobody waits for it any more.</param>
    public async ValueTask<bool> CheckAsync(IPAddress? address, Func<bool> check, CancellationToken ended)
    {
        var line = Join(address);
        try
        {
            await line.Turn.WaitAsync(ended);
            try
            {
                var rest = RestAfter(line.Failures) - Clock.GetElapsedTime(line.FailedAt);
                if (rest > TimeSpan.Zero) await Task.Delay(rest, Clock, ended);
                bool isRight;
                using (await gate.EnterAsync(line.Failures == 0 ? HandshakeWork.Password : HandshakeWork.PasswordAfterWrongOnes, ended)) isRight = check();
                lock (_lock) (line.Failures, line.FailedAt) = (isRight ? 0 : line.Failures + 1, Clock.GetTimestamp());
                return isRight;
            }
            finally
            {
                line.Turn.Release();
            }
        }
        finally
        {
            lock (_lock) line.Waiting--;
        }
    }

    private Line Join(IPAddress? address)
    {
        lock (_lock)
        {
            var line = address is null ? _local : LineOf(AddressKey.Of(address));
            if (IsForgotten(line)) line.Failures = 0;
            line.Waiting++;
            return line;
        }
    }

    private Line LineOf(AddressKey key)
    {
        if (_lines.TryGetValue(key, out var known)) return known;
        if (_lines.Count >= MostRemembered) MakeRoom();
        var line = new Line();
        _lines.Add(key, line);
        return line;
    }

    /// <summary>Those go who have nothing to be remembered for; where all have, who has been quiet longest.</summary>
    private void MakeRoom()
    {
        var idle = _lines.Where(line => line.Value.Waiting == 0).ToList();
        foreach (var (key, line) in idle.Where(line => line.Value.Failures == 0 || IsForgotten(line.Value))) _lines.Remove(key);
        if (_lines.Count >= MostRemembered && idle.Count > 0) _lines.Remove(idle.MinBy(line => line.Value.FailedAt).Key);
    }

    private bool IsForgotten(Line line) => line.Waiting == 0 && Clock.GetElapsedTime(line.FailedAt) >= Memory;

    /// <summary>Those who wait from one address.</summary>
    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Waiting { get; set; }

        public int Failures { get; set; }

        /// <summary>By the clock's timestamps.</summary>
        public long FailedAt { get; set; }
    }
}
