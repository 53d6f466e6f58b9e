using System.Security.Cryptography;

namespace MessageRouter.Zmtp.Security;

/// <summary>Users with what is kept of their passwords: one reading of a file with <c>user:hash</c> a line, which never changes.</summary>
internal sealed class UserTable : IEquatable<UserTable>
{
    private const string Cure = "write `user:` and what `message-router keys password` prints";
    private const int LongestName = byte.MaxValue;

    private readonly Dictionary<string, PasswordHash> _users = new(StringComparer.Ordinal);
    private readonly PasswordHash _nobodys;

    /// <summary>What a look at a password takes, whosever it is: of each algorithm as many rounds as the entry with the most.</summary>
    private readonly Dictionary<HashAlgorithmName, int> _work;

    private UserTable(string path, ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = System.Text.Encoding.UTF8.GetString(text[range]).Trim();
            if (line.Length == 0 || line[0] == '#') continue;

            // Names may have colons, hashes have none.
            var colon = line.LastIndexOf(":$", StringComparison.Ordinal);
            if (colon <= 0) throw new SecurityFileException(path, "has no user with a password's hash", Cure, number);
            if (System.Text.Encoding.UTF8.GetByteCount(line.AsSpan(0, colon)) > LongestName) throw new SecurityFileException(path, "has a user's name of more than 255 bytes", "the protocol has room for no more", number);
            if (!PasswordHash.TryParse(line[(colon + 1)..], out var hash, out var problem)) throw new SecurityFileException(path, $"has a user whose hash {problem}", Cure, number);
            if (!_users.TryAdd(line[..colon], hash!)) throw new SecurityFileException(path, $"has the user `{SafeText.Of(line[..colon])}` twice", "leave one of the two", number);
        }
        if (_users.Count == 0) throw new SecurityFileException(path, "has no user, so nobody could connect", Cure);
        _work = _users.Values.GroupBy(hash => hash.Algorithm).ToDictionary(hashes => hashes.Key, hashes => hashes.Max(hash => hash.Rounds));
        _nobodys = PasswordHash.Nobodys(_work.First().Key, _work.First().Value);
    }

    public int Count => _users.Count;

    public IEnumerable<string> Users => _users.Keys;

    /// <exception cref="SecurityFileException">It cannot be used, or others may read it.</exception>
    public static UserTable Read(string path) => SecurityFile.Read(path, "a file with users", (text, isOthers) => isOthers ? throw SecurityFile.OfOthersToo(path) : new UserTable(path, text));

    /// <summary>What is kept of a user's password; of who is none something that no password matches.</summary>
    public PasswordHash HashOf(string user) => _users.GetValueOrDefault(user) ?? _nobodys;

    /// <summary>Whether a password is the one of which something is kept. That takes the same time for each that is kept here, and for nobody's, so that it does not tell who is a user.</summary>
    public bool Matches(PasswordHash hash, ReadOnlySpan<byte> password)
    {
        var isRight = hash.Matches(password);
        foreach (var (algorithm, rounds) in RestFor(hash)) PasswordHash.Spend(algorithm, rounds, password);
        return isRight;
    }

    /// <summary>What is to be spent beside the rounds of one entry.</summary>
    internal IEnumerable<(HashAlgorithmName Algorithm, int Rounds)> RestFor(PasswordHash hash) =>
        _work.Select(most => (most.Key, Rounds: most.Value - (most.Key == hash.Algorithm ? hash.Rounds : 0))).Where(rest => rest.Rounds > 0);

    /// <summary>Whether a user has that password still.</summary>
    public bool Has(string user, PasswordHash hash) => _users.TryGetValue(user, out var known) && known.Same(hash);

    public bool Equals(UserTable? other) => other is not null && Count == other.Count && _users.All(user => other.Has(user.Key, user.Value));

    public override bool Equals(object? obj) => Equals(obj as UserTable);

    public override int GetHashCode() => Count;

    /// <summary>What is other than it was.</summary>
    public ListChange ChangeSince(UserTable before) => new()
    {
        Added = [.. Users.Except(before.Users)],
        Removed = [.. before.Users.Except(Users)],
        Changed = [.. before._users.Where(user => _users.ContainsKey(user.Key) && !Has(user.Key, user.Value)).Select(user => user.Key)],
    };
}
