namespace MessageRouter.Zmtp.Security;

/// <summary>
/// Where handshakes compute: on threads of the pool, never on the one that reads from all connections, and in so many places at once at most, so that however many strangers come, who is there already has the
/// rest. Keys and passwords, where both wait, get the same time, not the same turns: a password takes a thousand times as long as a key.
/// </summary>
internal sealed class HandshakeGate(int places, TimeProvider clock)
{
    /// <summary>Half of the processors; of one, that one.</summary>
    public static readonly HandshakeGate Shared = new(Math.Max(1, Environment.ProcessorCount / 2), TimeProvider.System);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _keys = [];
    private readonly LinkedList<Waiter> _passwords = [];
    private readonly LinkedList<Waiter> _lastPasswords = [];
    private int _free = places;

    /// <summary>How much longer keys have computed than passwords.</summary>
    private TimeSpan _keysAhead;

    /// <summary>Waits for a place.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended meanwhile.</exception>
    public async ValueTask<IDisposable> EnterAsync(HandshakeWork work, CancellationToken ended)
    {
        ended.ThrowIfCancellationRequested();
        var place = new LinkedListNode<Waiter>(new Waiter(this, work));
        lock (_lock)
        {
            LineOf(work).AddLast(place);
            LetIn();
        }
        using (ended.UnsafeRegister(_ => GiveUp(place), null)) await place.Value.Entered.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return place.Value;
    }

    private LinkedList<Waiter> LineOf(HandshakeWork work) => work switch
    {
        HandshakeWork.Keys => _keys,
        HandshakeWork.Password => _passwords,
        _ => _lastPasswords,
    };

    private void LetIn()
    {
        while (_free > 0 && Next() is { } next)
        {
            _free--;
            next.List!.Remove(next);
            next.Value.Since = clock.GetTimestamp();
            next.Value.Entered.SetResult();
        }
    }

    private LinkedListNode<Waiter>? Next()
    {
        var (key, password) = (_keys.First, _passwords.First ?? _lastPasswords.First);

        // Who does not wait saves up nothing.
        if ((_keysAhead < TimeSpan.Zero ? key : password) is null) _keysAhead = TimeSpan.Zero;
        return key is not null && (password is null || _keysAhead <= TimeSpan.Zero) ? key : password;
    }

    private void Leave(Waiter waiter)
    {
        lock (_lock)
        {
            var took = clock.GetElapsedTime(waiter.Since);
            _keysAhead += waiter.Work == HandshakeWork.Keys ? took : -took;
            _free++;
            LetIn();
        }
    }

    private void GiveUp(LinkedListNode<Waiter> place)
    {
        lock (_lock)
        {
            if (place.List is null) return;
            place.List.Remove(place);
            place.Value.Entered.SetCanceled();
        }
    }

    /// <summary>Somebody who waits for a place, and has it until it is disposed.</summary>
    private sealed class Waiter(HandshakeGate gate, HandshakeWork work) : IDisposable
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HandshakeWork Work => work;

        /// <summary>When it got its place; a timestamp of the clock.</summary>
        public long Since { get; set; }

        public void Dispose() => gate.Leave(this);
    }
}
