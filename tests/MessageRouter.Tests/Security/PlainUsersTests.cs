using System.Net;
using System.Security.Cryptography;
using System.Text;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Security;

/// <summary>Users and their passwords.</summary>
public sealed class PlainUsersTests : IDisposable
{
    private const int FewRounds = 1000;

    // As passlib's pbkdf2_sha256.using(rounds=1000, salt=b'saltsaltsaltsalt').hash('secret'), by Python's hashlib, and the same with SHA-512.
    private const string Sha256 = "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA$dClvKSmj66n6MdMWNv3Go4mvH1Ym2WIGiJvquqa.mfE";
    private const string Sha512 = "$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$2IVLzDcUS76iY9.wBooZzkS5Z0mI6ikZPfMieFfR1eV/GJiiRzyvvz4ne7tBn8OJ1hxZyCz95QPNeLP3ykzMiQ";

    private static readonly IPAddress Honest = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Stranger = IPAddress.Parse("198.51.100.7");

    private static int _addresses;

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_user_is_who_has_his_password()
    {
        var users = Users($"# those of the office\n\nalice:{Hash("secret")}\nbob:with:colons:{Hash("other")}\n");

        Assert.Equal(("alice", SecurityMechanism.Plain), ((await Find(users, "alice", "secret"))!.Name, (await Find(users, "alice", "secret"))!.Mechanism));
        Assert.NotNull(await Find(users, "bob:with:colons", "other"));
        Assert.Null(await Find(users, "alice", "other"));
        Assert.Null(await Find(users, "alice", ""));
        Assert.Null(await Find(users, "carol", "secret"));
        Assert.Equal(2, users.Count);
    }

    [Fact]
    public void A_hash_is_another_one_each_time_and_shows_nothing()
    {
        var (one, other) = (Hash("secret"), Hash("secret"));

        Assert.NotEqual(one, other);
        Assert.Matches(@"^\$pbkdf2-sha512\$1000\$[A-Za-z0-9./]{22}\$[A-Za-z0-9./]{86}$", one);
        Assert.True(PasswordHash.TryParse(one, out var parsed, out _));
        Assert.True(parsed!.Matches("secret"u8));
        Assert.False(parsed.Matches("secre"u8));
        Assert.True(PasswordHash.Iterations >= 210_000);
    }

    [Theory]
    [InlineData(Sha256)]
    [InlineData(Sha512)]
    public async Task What_passlib_writes_is_read(string hash)
    {
        var users = Users($"alice:{hash}");

        Assert.NotNull(await Find(users, "alice", "secret"));
        Assert.Null(await Find(users, "alice", "Secret"));
    }

    [Theory]
    [InlineData("alice", ", line 1, has no user with a password's hash")]
    [InlineData("alice:secret", ", line 1, has no user with a password's hash")]
    [InlineData(":HASH", ", line 1, has no user with a password's hash")]
    [InlineData("alice:$apr1$salt$hash", ", line 1, has a user whose hash is no password hash that is known here")]
    [InlineData("alice:$pbkdf2-sha512$999$c2FsdHNhbHQ$aGFzaA", ", line 1, has a user whose hash has a number of rounds that is not from 1000 to 10000000")]
    [InlineData("alice:$pbkdf2-sha512$99999999999$c2FsdHNhbHQ$aGFzaA", ", line 1, has a user whose hash has a number of rounds that is not from 1000 to 10000000")]
    [InlineData("alice:$pbkdf2-sha512$1000$c2FsdHNhbHQ$aGFzaA", ", line 1, has a user whose hash is a password hash of which something is missing")]
    [InlineData("alice:$pbkdf2-sha512$1000$$", ", line 1, has a user whose hash is a password hash of which something is missing")]
    [InlineData("alice:HASH\n\nalice:HASH", ", line 3, has the user `alice` twice")]
    [InlineData("# nobody", " has no user, so nobody could connect")]
    [InlineData("", " has no user, so nobody could connect")]
    [InlineData("\0", " is no text")]
    public void Says_what_is_wrong_with_a_file_and_shows_no_hash(string text, string problem)
    {
        var exception = Assert.Throws<SecurityFileException>(() => Users(text.Replace("HASH", Hash("x"), StringComparison.Ordinal)));

        Assert.Equal($"`{_folder["users"]}`{problem}", exception.Problem);
        Assert.DoesNotContain("pbkdf2-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        Users($"alice:{Hash("secret")}");
        File.SetUnixFileMode(_folder["users"], UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal($"chmod 600 {_folder["users"]}", Assert.Throws<SecurityFileException>(() => PlainUsers.FromFile(_folder["users"])).Cure);
    }

    [Theory]
    [InlineData("bob:HASH", "alice")]
    [InlineData("alice:HASH\nbob:BOB", "alice")]
    public async Task Who_is_taken_off_or_has_another_password_may_not_stay(string text, string gone)
    {
        var bobs = Hash("other");
        var users = Users($"alice:{Hash("secret")}\nbob:{bobs}");
        var removals = 0;
        users.Removed += () => removals++;
        var (alice, bob) = ((await Find(users, "alice", "secret"))!, (await Find(users, "bob", "other"))!);
        Assert.True(users.StillAllows(alice) && users.StillAllows(bob));

        Write(text.Replace("HASH", Hash("new"), StringComparison.Ordinal).Replace("BOB", bobs, StringComparison.Ordinal));
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(1, removals);
        Assert.False(users.StillAllows(gone == "alice" ? alice : bob));
        Assert.Equal(text.Contains("BOB", StringComparison.Ordinal), users.StillAllows(bob));
        Assert.Null(await Find(users, "alice", "secret"));
    }

    [Fact]
    public void A_look_at_a_password_takes_the_same_rounds_whosever_it_is()
    {
        Users($"alice:{Hash("secret")}\nbob:{PasswordHash.Of("x"u8, 2000)}\ncarol:{Sha256}");
        var table = UserTable.Read(_folder["users"]);

        Assert.All(["alice", "bob", "carol", "nobody"], user => Assert.Equal([(HashAlgorithmName.SHA256, 1000), (HashAlgorithmName.SHA512, 2000)], Work(table, table.HashOf(user))));
        Assert.True(table.Matches(table.HashOf("carol"), "secret"u8));
        Assert.False(table.Matches(table.HashOf("nobody"), "secret"u8));
    }

    [Fact]
    public void Who_is_none_takes_the_rounds_of_the_only_algorithm_there_is()
    {
        Users($"carol:{Sha256}");
        var table = UserTable.Read(_folder["users"]);

        Assert.Equal([(HashAlgorithmName.SHA256, 1000)], Work(table, table.HashOf("nobody")));
    }

    [Fact]
    public async Task An_address_that_floods_with_wrong_passwords_holds_up_itself_and_nobody_else()
    {
        var users = Users($"alice:{Hash("secret")}");
        using var over = new CancellationTokenSource();
        Assert.Null(await Find(users, "alice", "wrong", Stranger));

        // Their clock stands still, so that the stranger's address rests.
        var flood = Enumerable.Range(0, 50).Select(_ => Find(users, "alice", "wrong", Stranger, over.Token).AsTask()).ToList();

        Assert.NotNull(await Find(users, "alice", "secret", Honest).AsTask().WaitAsync(TestNode.Patience));
        Assert.Null(await Find(users, "alice", "wrong", null).AsTask().WaitAsync(TestNode.Patience));
        Assert.DoesNotContain(flood, check => check.IsCompleted);

        // Who has come before waits for nobody, from wherever.
        Assert.NotNull(await Find(users, "alice", "secret", Stranger).AsTask().WaitAsync(TestNode.Patience));

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(flood.Select(check => Record.ExceptionAsync(() => check))), Assert.NotNull);
    }

    [Fact]
    public async Task Who_has_come_before_waits_for_nobody_after_an_edit_that_leaves_him_as_he_was()
    {
        var alices = $"alice:{Hash("secret")}";
        var users = Followed(alices);
        Assert.NotNull(await Find(users, "alice", "secret"));

        Edit($"{alices}\nbob:{Hash("other")}");
        Assert.Null(await Find(users, "alice", "wrong", Stranger));

        Assert.NotNull(await Find(users, "alice", "secret", Stranger).AsTask().WaitAsync(TestNode.Patience));
        Assert.Equal(2, users.Count);
    }

    [Fact]
    public async Task Who_was_taken_off_meanwhile_has_not_come_before()
    {
        var (alices, bobs) = ($"alice:{Hash("secret")}", $"bob:{Hash("other")}");
        var users = Followed($"{alices}\n{bobs}");
        Assert.NotNull(await Find(users, "alice", "secret"));

        Edit(bobs);
        Edit($"{alices}\n{bobs}");
        Assert.Null(await Find(users, "alice", "wrong", Stranger));

        // The address rests until time goes on.
        var back = Find(users, "alice", "secret", Stranger).AsTask();
        Assert.False(back.IsCompleted);
        _clock.Advance(PasswordTurns.RestAfter(1));
        Assert.NotNull(await back.WaitAsync(TestNode.Patience));
    }

    [Fact]
    public async Task Who_has_just_been_added_or_got_a_password_may_come_before_the_next_look()
    {
        var users = Followed($"alice:{Hash("secret")}");

        Write($"alice:{Hash("new")}\nbob:{Hash("other")}");
        _clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.NotNull(await Find(users, "bob", "other"));
        Assert.NotNull(await Find(users, "alice", "new"));
        Assert.Null(await Find(users, "alice", "secret"));
    }

    [Fact]
    public async Task An_address_from_which_a_wrong_password_came_goes_after_those_without()
    {
        var gate = new HandshakeGate(1, _clock);
        var turns = new PasswordTurns(_clock, gate);
        List<IPAddress> order = [];
        Assert.False(await Check(false, Stranger));
        _clock.Advance(PasswordTurns.RestAfter(1));
        order.Clear();

        Task[] checks;
        using (await gate.EnterAsync(HandshakeWork.Password, CancellationToken.None)) checks = [Check(true, Stranger), Check(true, Honest)];
        await Task.WhenAll(checks).WaitAsync(TestNode.Patience);

        Assert.Equal([Honest, Stranger], order);

        Task<bool> Check(bool isRight, IPAddress address) => turns.CheckAsync(address, () =>
        {
            order.Add(address);
            return isRight;
        }, CancellationToken.None).AsTask();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 50)]
    [InlineData(2, 100)]
    [InlineData(5, 800)]
    [InlineData(6, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void An_address_rests_the_longer_the_more_wrong_passwords_came_from_it(int failures, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), PasswordTurns.RestAfter(failures));

    [Fact]
    public async Task A_right_password_ends_the_rests_of_its_address_and_so_does_time()
    {
        var turns = new PasswordTurns(_clock, new HandshakeGate(1, _clock));
        await Check(false, Stranger);
        _clock.Advance(PasswordTurns.Memory);
        await Check(true, Stranger);
        await Check(true, Stranger);

        Assert.Equal(1, turns.Addresses);

        Task<bool> Check(bool isRight, IPAddress address) => turns.CheckAsync(address, () => isRight, CancellationToken.None).AsTask().WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task Addresses_that_are_remembered_are_bounded()
    {
        var turns = new PasswordTurns(_clock, new HandshakeGate(1, _clock));

        for (var i = 0; i < PasswordTurns.MostRemembered + 100; i++) await turns.CheckAsync(new IPAddress(i), () => i % 2 == 0, CancellationToken.None);

        Assert.InRange(turns.Addresses, 1, PasswordTurns.MostRemembered);
    }

    [Fact]
    public void It_is_told_who_has_another_password()
    {
        var bobs = Hash("other");
        var users = Users($"alice:{Hash("secret")}\nbob:{bobs}");
        List<string> told = [];
        users.Removed += () => { };
        users.Edited += change => told.Add(change.ToString());

        Write($"alice:{Hash("new")}\ncarol:{Hash("third")}");
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(["added carol; removed bob; changed alice"], told);
    }

    private static List<(HashAlgorithmName, int)> Work(UserTable table, PasswordHash hash) =>
        [.. table.RestFor(hash).Append((hash.Algorithm, hash.Rounds)).GroupBy(part => part.Item1).Select(parts => (parts.Key, parts.Sum(part => part.Item2))).OrderBy(part => part.Key.Name, StringComparer.Ordinal)];

    private static string Hash(string password) => PasswordHash.Of(Encoding.UTF8.GetBytes(password), FewRounds).ToString();

    /// <summary>From another address each time.</summary>
    private static ValueTask<PeerIdentity?> Find(PlainUsers users, string user, string password) => Find(users, user, password, new IPAddress(Interlocked.Increment(ref _addresses)));

    private static ValueTask<PeerIdentity?> Find(PlainUsers users, string user, string password, IPAddress? address, CancellationToken ended = default) =>
        users.FindAsync(user, Encoding.UTF8.GetBytes(password), address, ended);

    private PlainUsers Users(string text)
    {
        Write(text);
        return PlainUsers.FromFile(_folder["users"], _clock);
    }

    /// <summary>Users whose file is looked at.</summary>
    private PlainUsers Followed(string text)
    {
        var users = Users(text);
        users.Removed += () => { };
        _clock.Advance(WatchedFiles<UserTable>.Step);
        return users;
    }

    private void Edit(string text)
    {
        Write(text);
        _clock.Advance(WatchedFiles<UserTable>.Step);
    }

    private void Write(string text)
    {
        File.WriteAllText(_folder["users"], text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["users"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
