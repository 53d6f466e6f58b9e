using System.Net;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Zmtp.Limits;

/// <summary>
/// Decides straight after a connection was accepted, before anything is kept of it, whether it may stay. What it remembers of addresses is bounded: those that have connections, and so many
/// others.
/// </summary>
internal sealed class Admission(TimeProvider clock)
{
    /// <summary>For so many seconds' worth connections may come at once: when a node starts, all of its peers do.</summary>
    private const int Burst = 5;

    /// <summary>Addresses without a connection that are remembered.</summary>
    internal const int MostAbsent = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressKey, Caller> _callers = [];
    private readonly LinkedList<Visit> _strangers = [];

    /// <summary>Those of Unix domain sockets.</summary>
    private readonly Caller _local = new();

    private int _visits;

    /// <summary>Addresses without a connection.</summary>
    private int _absent;

    /// <summary>How many addresses are remembered.</summary>
    internal int Addresses
    {
        get
        {
            lock (_lock) return _callers.Count;
        }
    }

    /// <summary>Whether connections are taken from an address; null stands for a Unix domain socket, which has none.</summary>
    public static bool IsWelcome(IPAddress? address, ZmtpLimits limits) =>
        address is null || (!Contains(limits.DenyFrom, address) && (limits.AllowFrom.Count == 0 || Contains(limits.AllowFrom, address)));

    /// <summary>What counts as the address of a peer: IPv4 as it is, also where it came by an IPv6 socket.</summary>
    public static IPAddress? AddressOf(EndPoint? peer) => peer is not IPEndPoint { Address: var address } ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Somebody has connected. Where there are as many as there may be one of those has to go who have not introduced themselves.</summary>
    /// <param name="address">From where; null for a Unix domain socket.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="visit">What <see cref="Left"/> is to be called with in the end; null where it may not stay.</param>
    /// <returns>The rule by which it may not stay, one of <see cref="Refusals"/>; null where it may.</returns>
    public string? Enter(IPAddress? address, ZmtpLimits limits, out Visit? visit)
    {
        visit = null;
        if (!IsWelcome(address, limits)) return Refusals.Address;
        Visit? silent = null;
        lock (_lock)
        {
            if (_visits > limits.Connections || (_visits == limits.Connections && _strangers.Count == 0)) return Refusals.Connections;
            var caller = address is null ? _local : Known(AddressKey.Of(address), limits);
            if (address is not null)
            {
                if (caller.Connections >= limits.ConnectionsPerAddress) return Refusals.ConnectionsPerAddress;
                Refill(caller, limits);
                if (caller.Allowance < 1) return Refusals.ConnectionsPerSecond;
                caller.Allowance--;
            }

            // Who has said nothing yet does not keep others out.
            if (_visits == limits.Connections) Introduced(silent = OldestOfMost());
            if (caller.Connections++ == 0 && caller != _local) _absent--;
            _visits++;
            visit = new Visit(caller);
        }
        silent?.End!($"It had not introduced itself when there were {limits.Connections} connections (limits.connections).", Refusals.Handshakes);
        return null;
    }

    /// <summary>It is about to introduce itself. Where too many are, the oldest of the address that has the most of them has to go: a stranger with many does not push others out.</summary>
    /// <param name="visit">The connection.</param>
    /// <param name="end">Has it go, with a sentence and one of <see cref="Refusals"/>.</param>
    /// <param name="limits">The limits.</param>
    public void Begin(Visit visit, Action<string, string> end, ZmtpLimits limits)
    {
        Visit? last = null;
        lock (_lock)
        {
            visit.End = end;
            visit.Stranger = _strangers.AddLast(visit);
            visit.Caller.Strangers++;
            if (_strangers.Count > limits.Handshakes) Introduced(last = OldestOfMost());
        }
        last?.End!($"It had not introduced itself when {limits.Handshakes} others had not either (limits.handshakes).", Refusals.Handshakes);
    }

    /// <summary>It has introduced itself.</summary>
    public void Introduced(Visit visit)
    {
        lock (_lock)
        {
            if (visit.Stranger is not { } stranger) return;
            _strangers.Remove(stranger);
            visit.Stranger = null;
            visit.Caller.Strangers--;
        }
    }

    /// <summary>It is gone.</summary>
    public void Left(Visit visit)
    {
        lock (_lock)
        {
            Introduced(visit);
            _visits--;
            if (--visit.Caller.Connections == 0 && visit.Caller != _local) _absent++;
        }
    }

    private Visit OldestOfMost()
    {
        var found = _strangers.First!.Value;
        foreach (var stranger in _strangers)
        {
            if (stranger.Caller.Strangers > found.Caller.Strangers) found = stranger;
        }
        return found;
    }

    private static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address)) return true;
        }
        return false;
    }

    private Caller Known(AddressKey key, ZmtpLimits limits)
    {
        if (_callers.TryGetValue(key, out var known)) return known;
        if (++_absent > MostAbsent) ForgetAbsent(limits);
        return _callers[key] = new Caller { Allowance = Burst * (double)limits.ConnectionsPerSecond, At = clock.GetTimestamp() };
    }

    /// <summary>Forgets those that might come as often as if they had never been there. Where those are few, all.</summary>
    private void ForgetAbsent(ZmtpLimits limits)
    {
        var absent = _callers.Where(pair => pair.Value.Connections == 0).ToList();
        foreach (var (_, caller) in absent) Refill(caller, limits);
        var rested = absent.Where(pair => pair.Value.Allowance >= Burst * (double)limits.ConnectionsPerSecond).ToList();
        foreach (var (key, _) in rested.Count >= MostAbsent / 2 ? rested : absent)
        {
            _callers.Remove(key);
            _absent--;
        }
    }

    private void Refill(Caller caller, ZmtpLimits limits)
    {
        var now = clock.GetTimestamp();
        caller.Allowance = Math.Min(Burst * (double)limits.ConnectionsPerSecond, caller.Allowance + clock.GetElapsedTime(caller.At, now).TotalSeconds * limits.ConnectionsPerSecond);
        caller.At = now;
    }
}
