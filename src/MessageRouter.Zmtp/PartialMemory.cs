using System.Net;
using MessageRouter.Zmtp.Limits;

namespace MessageRouter.Zmtp;

/// <summary>
/// What messages take of which only a part has come, all connections together. Each peer may announce a large one, send most of it and stop: so many peers must not
/// take more than this. Who finds no room waits for it, and is not read meanwhile: first those of the address that has least. Who has stopped in the middle gives way to who waits.
/// </summary>
/// <param name="limit">In bytes. One message has room always where there is no other.</param>
internal sealed class PartialMemory(long limit)
{
    /// <summary>For how long who has stopped in the middle is left in peace, while somebody waits; and how often that is looked at.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<PartialShare> _holders = [];
    private readonly Dictionary<AddressKey, long> _byAddress = [];
    private readonly List<Waiter> _waiters = [];
    private long _taken;

    /// <summary>How much is taken.</summary>
    public long Taken
    {
        get
        {
            lock (_lock) return _taken;
        }
    }

    /// <summary>Whether somebody waits for room.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock) return _waiters.Count > 0;
        }
    }

    /// <summary>What one connection takes of it.</summary>
    public PartialShare Share(IPartialOwner owner) => new(this, owner);

    internal bool TryTake(PartialShare share, long bytes, long own)
    {
        lock (_lock) return Take(share, bytes, own);
    }

    internal void Give(PartialShare share, long bytes)
    {
        if (bytes == 0) return;
        lock (_lock)
        {
            Count(share, -bytes);
            if (share.Held == 0) _holders.Remove(share);
            Serve();
        }
    }

    /// <summary>Waits until there is room, and takes it.</summary>
    /// <param name="share">For whom.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="own">How much of what is taken is for the same message.</param>
    /// <param name="patience">After so long somebody gives way who has not stopped: who has most, of the address that has most, and be it who waits.</param>
    /// <param name="clock">Measures that.</param>
    /// <param name="end">Ends the wait.</param>
    /// <returns>False where it is the one that gives way.</returns>
    internal async Task<bool> TakeAsync(PartialShare share, long bytes, long own, TimeSpan patience, TimeProvider clock, CancellationToken end)
    {
        var waiter = new Waiter(share, bytes, own);
        lock (_lock)
        {
            if (Take(share, bytes, own)) return true;
            _waiters.Add(waiter);
        }
        try
        {
            for (var begun = clock.GetTimestamp(); !await waiter.IsGrantedWithin(Step, clock, end).ConfigureAwait(false);)
            {
                PartialShare? last;
                lock (_lock)
                {
                    if (waiter.Granted.Task.IsCompleted) return true;
                    last = clock.GetElapsedTime(begun) >= patience ? Most(_ => true) : Most(HasStopped);
                    if (last == share && _waiters.Remove(waiter)) return false;
                }
                last?.Owner.GiveWay();
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                // It may have been granted at this moment.
                if (!_waiters.Remove(waiter)) Count(share, -bytes);
                if (share.Held == 0) _holders.Remove(share);
                Serve();
            }
            throw;
        }
    }

    private bool Take(PartialShare share, long bytes, long own)
    {
        if (_taken + bytes > limit && _taken > own) return false;
        Count(share, bytes);
        _holders.Add(share);
        return true;
    }

    private void Count(PartialShare share, long bytes)
    {
        _taken += bytes;
        share.Held += bytes;
        var all = _byAddress[share.Address] = _byAddress.GetValueOrDefault(share.Address) + bytes;
        if (all == 0) _byAddress.Remove(share.Address);
    }

    /// <summary>Gives what there is to those who wait, as long as the next one has room.</summary>
    private void Serve()
    {
        while (_waiters.MinBy(each => _byAddress.GetValueOrDefault(each.Share.Address)) is { } next && Take(next.Share, next.Bytes, next.Own))
        {
            _waiters.Remove(next);
            next.Granted.TrySetResult();
        }
    }

    /// <summary>Whoever waits is not read, and has not stopped.</summary>
    private bool HasStopped(PartialShare share) => share.Owner.Silence >= Step && _waiters.All(waiter => waiter.Share != share);

    /// <summary>Of those, the one that has most of the address that has most.</summary>
    private PartialShare? Most(Func<PartialShare, bool> of) => _holders.Where(of).MaxBy(share => (_byAddress.GetValueOrDefault(share.Address), share.Held));

    private sealed record Waiter(PartialShare Share, long Bytes, long Own)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<bool> IsGrantedWithin(TimeSpan time, TimeProvider clock, CancellationToken end)
        {
            try
            {
                await Granted.Task.WaitAsync(time, clock, end).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}

/// <summary>What one connection has taken of <see cref="PartialMemory"/>.</summary>
internal sealed class PartialShare(PartialMemory memory, IPartialOwner owner)
{
    /// <summary>The connection.</summary>
    public IPartialOwner Owner => owner;

    /// <summary>Where it is from; the same for all of this machine that have no address.</summary>
    public AddressKey Address { get; } = owner.Address is { } address ? AddressKey.Of(address) : default;

    /// <summary>In bytes. Of <see cref="PartialMemory"/>, under its lock.</summary>
    public long Held { get; set; }

    /// <param name="bytes">How much more.</param>
    /// <param name="own">How much of what is taken is for the same message.</param>
    public bool TryTake(long bytes, long own) => memory.TryTake(this, bytes, own);

    public void Give(long bytes) => memory.Give(this, bytes);

    /// <inheritdoc cref="PartialMemory.TakeAsync"/>
    public Task<bool> TakeAsync(long bytes, long own, TimeSpan patience, TimeProvider clock, CancellationToken end) => memory.TakeAsync(this, bytes, own, patience, clock, end);
}

/// <summary>A connection that may have a part of a message.</summary>
internal interface IPartialOwner
{
    /// <summary>From where it was accepted; null where it has no address.</summary>
    IPAddress? Address { get; }

    /// <summary>For how long nothing has come.</summary>
    TimeSpan Silence { get; }

    /// <summary>Ends it, since others wait for the room that its message has.</summary>
    void GiveWay();
}
