using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace MessageRouter.Zmtp.Security;

/// <summary>Users and their passwords, from a file with <c>user:hash</c> a line in which lines that begin with <c>#</c> are comments; <c>message-router keys password</c> makes such lines.</summary>
public sealed class PlainUsers : AllowedPeers
{
    /// <summary>Passwords are computed in half of the processors at most, so that however many strangers come, who is there already has the rest.</summary>
    private static readonly SemaphoreSlim Free = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly WatchedFile<UserTable> _file;

    /// <summary>With which password each connection has come.</summary>
    private readonly ConditionalWeakTable<PeerIdentity, PasswordHash> _comeWith = [];

    /// <summary>Passwords that were right, as sums that only this process can compute: who comes again waits for nobody.</summary>
    private readonly Dictionary<string, (PasswordHash Hash, byte[] Sum)> _known = [];
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private PlainUsers(string path, TimeProvider clock)
    {
        _file = new WatchedFile<UserTable>(path, () => UserTable.Read(path), clock);
        _file.Changed += before => TellEdited(before.LeftSince(_file.Current), _file.Current.LeftSince(before));
        _file.ProblemChanged += TellChanged;
    }

    /// <inheritdoc/>
    public override int Count => _file.Current.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems => _file.Problem is { } problem ? [problem] : [];

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
    /// <returns>Who he is; null where he is none, or has another password.</returns>
    internal async ValueTask<PeerIdentity?> FindAsync(string user, ReadOnlyMemory<byte> password, CancellationToken ended)
    {
        var table = _file.Current;
        var hash = table.HashOf(user);
        if (!IsKnown(user, hash, password.Span))
        {
            await Free.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                if (!hash.Matches(password.Span)) return null;
            }
            finally
            {
                Free.Release();
            }
            Learn(user, hash, password.Span);
        }
        var identity = new PeerIdentity { Mechanism = SecurityMechanism.Plain, Name = user };
        _comeWith.Add(identity, hash);
        return identity;
    }

    internal bool StillAllows(PeerIdentity peer) => !_comeWith.TryGetValue(peer, out var hash) || _file.Current.Has(peer.Name!, hash);

    internal override void Use(TimeProvider clock) => _file.Clock = clock;

    private protected override void Watch() => _file.Watch();

    private protected override void Leave() => _file.Leave();

    private bool IsKnown(string user, PasswordHash hash, ReadOnlySpan<byte> password)
    {
        lock (_known) return _known.TryGetValue(user, out var known) && known.Hash == hash && CryptographicOperations.FixedTimeEquals(known.Sum, Sum(password));
    }

    private void Learn(string user, PasswordHash hash, ReadOnlySpan<byte> password)
    {
        lock (_known) _known[user] = (hash, Sum(password));
    }

    private byte[] Sum(ReadOnlySpan<byte> password) => HMACSHA256.HashData(_key, password);
}
