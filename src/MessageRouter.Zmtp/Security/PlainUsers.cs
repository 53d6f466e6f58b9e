using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace MessageRouter.Zmtp.Security;

/// <summary>Users and their passwords, from a file with <c>user:hash</c> a line in which lines that begin with <c>#</c> are comments; <c>message-router keys password</c> makes such lines.</summary>
public sealed class PlainUsers : AllowedPeers
{
    private readonly WatchedFiles<UserTable> _file;
    private readonly PasswordTurns _turns;

    /// <summary>With which password each connection has come.</summary>
    private readonly ConditionalWeakTable<PeerIdentity, PasswordHash> _comeWith = [];

    /// <summary>Passwords that were right, as sums that only this process can compute: who comes again waits for nobody.</summary>
    private readonly Dictionary<string, (PasswordHash Hash, byte[] Sum)> _known = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private PlainUsers(string path, TimeProvider clock)
    {
        _file = new WatchedFiles<UserTable>([path], _ => new FileReading<UserTable>(UserTable.Read(path), []), clock);
        _file.Changed += before =>
        {
            Forget();
            TellEdited(_file.Current.ChangeSince(before));
        };
        _file.ProblemsChanged += TellChanged;
        _turns = new PasswordTurns(clock, HandshakeGate.Shared);
    }

    /// <inheritdoc/>
    public override int Count => _file.Current.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems => _file.Problems;

    /// <summary>Reads them from a file, which nobody but its owner may be able to read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">The clock by which it is looked at; null for the system's.</param>
    /// <exception cref="SecurityFileException">It cannot be used.</exception>
    public static PlainUsers FromFile(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new PlainUsers(path, clock ?? TimeProvider.System);
    }

    /// <summary>Finds out, never on the calling thread, whether a user has a password. It takes as long for who is none.</summary>
    /// <param name="user">The user.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">From where he comes; null for a Unix domain socket.</param>
    /// <param name="ended">Cancelled when he has gone.</param>
    /// <returns>Who he is; null where he is none, or has another password.</returns>
    internal async ValueTask<PeerIdentity?> FindAsync(string user, ReadOnlyMemory<byte> password, IPAddress? address, CancellationToken ended)
    {
        var hash = _file.Current.HashOf(user);
        var sum = HMACSHA256.HashData(_key, password.Span);
        if (!IsKnown(user, hash, sum))
        {
            // Whoever has been added may be connecting already. Asked for users that are there too, since the time would tell who is none; and the files may be slow.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var table = _file.Latest();
            hash = table.HashOf(user);
            if (!await _turns.CheckAsync(address, () => table.Matches(hash, password.Span), ended)) return null;
            lock (_known)
            {
                if (_file.Current.Has(user, hash)) _known[user] = (hash, sum);
            }
        }
        var identity = new PeerIdentity { Mechanism = SecurityMechanism.Plain, Name = user };
        _comeWith.Add(identity, hash);
        return identity;
    }

    internal override bool StillAllows(PeerIdentity peer) => !_comeWith.TryGetValue(peer, out var hash) || _file.Current.Has(peer.Name!, hash);

    internal override void Use(TimeProvider clock) => _file.Clock = _turns.Clock = clock;

    private protected override void Watch() => _file.Watch();

    private protected override void Leave() => _file.Leave();

    private bool IsKnown(string user, PasswordHash hash, byte[] sum)
    {
        lock (_known) return _known.TryGetValue(user, out var known) && known.Hash.Same(hash) && CryptographicOperations.FixedTimeEquals(known.Sum, sum);
    }

    /// <summary>Forgets those who are gone, or have another password.</summary>
    private void Forget()
    {
        lock (_known)
        {
            foreach (var (user, known) in _known)
            {
                if (!_file.Current.Has(user, known.Hash)) _known.Remove(user);
            }
        }
    }
}
