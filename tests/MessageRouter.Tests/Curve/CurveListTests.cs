using MessageRouter.Curve;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Time.Testing;

namespace MessageRouter.Tests.Curve;

/// <summary>Lists of those who may connect, and how they are followed.</summary>
public sealed class CurveListTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly string _alice = New();
    private readonly string _bob = New();
    private readonly string _carol = New();
    private int _removals;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_has_a_certificate_for_each_who_may_connect()
    {
        Certificate("alice.key", _alice);
        Certificate("b.key", _bob, "name = \"bob\"\n    site = \"north\"");
        File.WriteAllText(_folder["alice.key_secret"], "czmq's secret one stands beside it on its owner's machine");
        File.WriteAllText(_folder[".alice.key.swp"], "an editor's");
        File.WriteAllText(_folder["alice.key~"], "another one's");
        Directory.CreateDirectory(_folder["..2026"]);

        var peers = CurvePeers.FromDirectory(_folder.Path);

        Assert.Equal("alice", Find(peers, _alice)!.Name);
        Assert.Equal("bob", Find(peers, _bob)!.Name);
        Assert.Equal("north", Find(peers, _bob)!.Attributes["site"]);
        Assert.Equal((SecurityMechanism.Curve, _bob), (Find(peers, _bob)!.Mechanism, Find(peers, _bob)!.PublicKey));
        Assert.Null(Find(peers, New()));
        Assert.Equal(2, peers.Count);
    }

    [Fact]
    public void A_file_has_a_key_and_a_name_a_line()
    {
        File.WriteAllText(_folder["list"], $"# who may connect\n\n{_alice} alice\n  {_bob}\tbob the builder \r\n#{New()} taken off\n");

        var peers = CurvePeers.FromFile(_folder["list"]);

        Assert.Equal("alice", Find(peers, _alice)!.Name);
        Assert.Equal("bob the builder", Find(peers, _bob)!.Name);
        Assert.Equal(2, peers.Count);
    }

    [Fact]
    public void A_key_that_begins_with_the_sign_of_comments_is_one()
    {
        var key = $"#{new string('0', 39)}";
        File.WriteAllText(_folder["list"], $"{_alice} alice\n{key} carol\n");

        Assert.Equal(Z85.TryDecodeKey(key, out _) ? 2 : 1, CurvePeers.FromFile(_folder["list"]).Count);
    }

    [Fact]
    public void A_certificate_alone_is_a_list_of_one()
    {
        Certificate("alice.key", _alice);

        Assert.Equal("alice", Find(CurvePeers.FromFile(_folder["alice.key"]), _alice)!.Name);
    }

    [Fact]
    public void Keys_may_be_given_as_they_are()
    {
        var peers = CurvePeers.FromKeys(_alice, $"{_bob} bob");

        Assert.Null(Find(peers, _alice)!.Name);
        Assert.Equal("bob", Find(peers, _bob)!.Name);
    }

    [Theory]
    [InlineData("", " has no key, so nobody could connect")]
    [InlineData("# nobody\n", " has no key, so nobody could connect")]
    [InlineData("\n0123 alice", ", line 2, has a key of 4 characters instead of 40")]
    [InlineData("~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ alice", ", line 1, has 40 characters that are no public key in Z85")]
    [InlineData("########################################", null)]
    [InlineData("ALICE alice\nALICE bob", ", line 2, has the key of `bob`, which is also that of `alice` in ")]
    [InlineData("ALICE alice\nALICE alice", null)]
    [InlineData("curve\n    secret-key = \"ALICE\"", " has no public key")]
    public void Says_what_is_wrong_with_a_list(string text, string? problem)
    {
        File.WriteAllText(_folder["list"], text.Replace("ALICE", _alice, StringComparison.Ordinal));

        var exception = Record.Exception(() => CurvePeers.FromFile(_folder["list"])) as SecurityFileException;

        if (problem is not null) Assert.StartsWith($"`{_folder["list"]}`{problem}", exception!.Problem, StringComparison.Ordinal);
        else if (exception is not null) Assert.Contains("no key", exception.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, " has no public certificate, so nobody could connect")]
    [InlineData("nonsense", "/a.key` has no public key")]
    [InlineData("SECRET", "/a.key` has a secret key, where only the public one belongs")]
    public void Says_what_is_wrong_with_a_folder(string? text, string problem)
    {
        using var keys = CurveKeys.Generate();
        if (text is not null) File.WriteAllText(_folder["a.key"], text.Replace("SECRET", $"curve\n    public-key = \"{keys.PublicKey}\"\n    secret-key = \"{Z85.Encode(keys.Secret)}\"", StringComparison.Ordinal));

        var exception = Assert.Throws<SecurityFileException>(() => CurvePeers.FromDirectory(_folder.Path));

        Assert.Contains(problem, exception.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(exception.Cure);
    }

    [Fact]
    public void Says_that_a_folder_is_none()
    {
        Certificate("alice.key", _alice);

        Assert.EndsWith("is not there", Assert.Throws<SecurityFileException>(() => CurvePeers.FromDirectory(_folder["away"])).Problem, StringComparison.Ordinal);
        Assert.EndsWith("is a file", Assert.Throws<SecurityFileException>(() => CurvePeers.FromDirectory(_folder["alice.key"])).Problem, StringComparison.Ordinal);
        Assert.EndsWith("is a folder", Assert.Throws<SecurityFileException>(() => CurvePeers.FromFile(_folder.Path)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_taken_off_is_gone_at_the_next_look_and_who_is_added_is_there()
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));

        File.Delete(_folder["alice.key"]);
        Look();

        Assert.Null(Find(peers, _alice));
        Assert.NotNull(Find(peers, _bob));
        Assert.Equal(1, _removals);

        Certificate("alice.key", _alice);
        Look();

        Assert.NotNull(Find(peers, _alice));
        Assert.Equal(1, _removals);
    }

    [Fact]
    public void A_key_that_is_exchanged_in_its_file_is_seen_whatever_is_done_to_the_files_time()
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var written = File.GetLastWriteTimeUtc(_folder["alice.key"]);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        var other = New();

        Certificate("alice.key", other);
        File.SetLastWriteTimeUtc(_folder["alice.key"], written);
        Look();

        Assert.Null(Find(peers, _alice));
        Assert.NotNull(Find(peers, other));
    }

    [Fact]
    public void A_file_that_another_one_is_moved_over_is_seen_however_old_it_is()
    {
        var old = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1);
        foreach (var (name, key) in new[] { ("list", _alice), ("new", _bob) })
        {
            File.WriteAllText(_folder[name], key);
            File.SetLastWriteTimeUtc(_folder[name], old);
        }
        var peers = Followed(CurvePeers.FromFile(_folder["list"], _clock));
        Look();

        File.Move(_folder["new"], _folder["list"], overwrite: true);
        Look();

        Assert.NotNull(Find(peers, _bob));
        Assert.Null(Find(peers, _alice));
    }

    [Fact]
    public void A_folder_that_is_exchanged_behind_its_links_is_seen()
    {
        if (OperatingSystem.IsWindows()) return;

        // As Kubernetes mounts a ConfigMap.
        foreach (var (version, key) in new[] { ("..1", _alice), ("..2", _bob) })
        {
            Directory.CreateDirectory(_folder[version]);
            Certificate($"{version}/peer.key", key);
        }
        Directory.CreateSymbolicLink(_folder["..data"], "..1");
        File.CreateSymbolicLink(_folder["peer.key"], "..data/peer.key");
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));

        Directory.Delete(_folder["..data"]);
        Directory.CreateSymbolicLink(_folder["..data"], "..2");
        Look();

        Assert.NotNull(Find(peers, _bob));
        Assert.Null(Find(peers, _alice));
    }

    [Theory]
    [InlineData("half written", "has no public key")]
    [InlineData(null, "has no public certificate")]
    public void A_bad_change_keeps_the_last_good_list_and_is_said_once(string? text, string problem)
    {
        Certificate("alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        var changes = 0;
        peers.Changed += (_, _) => changes++;

        if (text is null) File.Delete(_folder["alice.key"]);
        else File.WriteAllText(_folder["alice.key"], text);
        Look();

        // What is found once may be half written.
        Assert.Equal(0, changes);
        for (var look = 0; look < 5; look++) Look();

        Assert.NotNull(Find(peers, _alice));
        Assert.Equal((0, 1), (_removals, changes));
        Assert.Contains(problem, Assert.Single(peers.Problems), StringComparison.Ordinal);

        Certificate("alice.key", _alice);
        Look();

        Assert.Empty(peers.Problems);
        Assert.Equal(2, changes);
    }

    [Fact]
    public void What_who_is_told_of_a_change_throws_is_ignored()
    {
        Certificate("alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        var changes = 0;
        peers.Changed += (_, _) =>
        {
            changes++;
            throw new InvalidOperationException("A mistake of the application.");
        };

        foreach (var key in (string[])[_bob, _carol])
        {
            Certificate("alice.key", key);
            Look();
        }

        Assert.NotNull(Find(peers, _carol));
        Assert.Equal((2, 2), (_removals, changes));
    }

    [Fact]
    public void A_folder_that_goes_away_keeps_the_last_good_list()
    {
        Directory.CreateDirectory(_folder["keys"]);
        Certificate("keys/alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder["keys"], _clock));

        Directory.Delete(_folder["keys"], recursive: true);
        Look();
        Look();

        Assert.NotNull(Find(peers, _alice));
        Assert.Contains("is not there", Assert.Single(peers.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_was_added_since_the_last_look_is_let_in()
    {
        Certificate("alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        Look();

        Certificate("bob.key", _bob);
        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.NotNull(Find(peers, _bob));
    }

    [Fact]
    public void Nobody_looks_while_no_socket_is_open()
    {
        Certificate("alice.key", _alice);
        var peers = CurvePeers.FromDirectory(_folder.Path, _clock);
        peers.Removed += Count;
        peers.Removed -= Count;

        Certificate("bob.key", _bob);
        Look();

        Assert.Null(Find(peers, _bob));
    }

    [Fact]
    public void Several_lists_are_one_that_can_become_others()
    {
        Certificate("alice.key", _alice);
        File.WriteAllText(_folder["list"], $"{_bob} bob");
        var list = List(files: [_folder["alice.key"], _folder["list"]]);
        var all = Followed(new PeerGroup([list, List(keys: [$"{_carol} carol"])]));
        Assert.All([_alice, _bob, _carol], key => Assert.NotNull(Find(all, key)));

        File.WriteAllText(_folder["list"], $"{New()} dave");
        Look();

        Assert.Null(Find(all, _bob));
        Assert.Equal(1, _removals);

        ((ICurveList)list).Become(List(keys: [_bob]));

        Assert.NotNull(Find(all, _bob));
        Assert.Null(Find(all, _alice));
        Assert.NotNull(Find(all, _carol));
        Assert.Equal(2, _removals);
    }

    [Fact]
    public void Whether_somebody_stays_follows_from_what_is_in_force_without_a_look_at_files()
    {
        Certificate("alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        Certificate("bob.key", _bob);
        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.False(peers.StillAllows(new PeerIdentity { Mechanism = SecurityMechanism.Curve, PublicKey = _bob }));
        Assert.NotNull(Find(peers, _bob));
        Assert.True(peers.StillAllows(new PeerIdentity { Mechanism = SecurityMechanism.Curve, PublicKey = _bob }));
    }

    [Fact]
    public void A_key_that_is_taken_off_is_gone_at_the_next_look_while_another_file_is_malformed()
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        File.WriteAllText(_folder["a.key"], "half written");
        Look();

        File.Delete(_folder["alice.key"]);
        Look();

        Assert.Null(Find(peers, _alice));
        Assert.NotNull(Find(peers, _bob));
        Assert.Equal(1, _removals);
        Assert.Contains("/a.key` has no public key", Assert.Single(peers.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_becomes_malformed_keeps_what_it_said_and_another_one_is_added()
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));

        File.WriteAllText(_folder["alice.key"], "half written");
        Certificate("carol.key", _carol);
        Look();
        Look();

        Assert.All([_alice, _bob, _carol], key => Assert.NotNull(Find(peers, key)));
        Assert.Single(peers.Problems);

        File.Delete(_folder["alice.key"]);
        Look();

        Assert.Null(Find(peers, _alice));
        Assert.Empty(peers.Problems);
    }

    [Fact]
    public void A_source_that_goes_away_holds_up_no_other()
    {
        Directory.CreateDirectory(_folder["keys"]);
        Certificate("keys/alice.key", _alice);
        File.WriteAllText(_folder["list"], $"{_bob} bob\n{_carol} carol");
        var peers = Followed(List(files: [_folder["list"]], folders: [_folder["keys"]]));

        Directory.Delete(_folder["keys"], recursive: true);
        File.WriteAllText(_folder["list"], $"{_bob} bob");
        Look();
        Look();

        Assert.Null(Find(peers, _carol));
        Assert.All([_alice, _bob], key => Assert.NotNull(Find(peers, key)));
        Assert.Contains("/keys` is not there", Assert.Single(peers.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_files_cannot_be_opened_keeps_the_last_good_list()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root") return;
        Directory.CreateDirectory(_folder["keys"]);
        Certificate("keys/alice.key", _alice);
        var peers = Followed(CurvePeers.FromDirectory(_folder["keys"], _clock));

        foreach (var mode in new[] { UnixFileMode.None, UnixFileMode.UserRead })
        {
            File.SetUnixFileMode(_folder["keys"], mode);
            Look();
            Look();

            Assert.NotNull(Find(peers, _alice));
            Assert.Contains("may not be read by this user", Assert.Single(peers.Problems), StringComparison.Ordinal);
        }
        File.SetUnixFileMode(_folder["keys"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_key_with_two_names_in_two_sources_is_refused_at_the_start()
    {
        Certificate("alice.key", _alice);
        File.WriteAllText(_folder["list"], $"{_bob} bob\n{_alice} mallory");

        var exception = Assert.Throws<SecurityFileException>(() => List(keys: [$"{_alice} alice"], files: [_folder["list"]]));

        Assert.Equal($"`{_folder["list"]}`, line 2, has the key of `mallory`, which is also that of `alice` in `{_alice} alice`", exception.Problem);
        Assert.Equal("leave one of the two: a key is one peer's", exception.Cure);
        Assert.Contains("/alice.key`", Assert.Throws<SecurityFileException>(() => List(files: [_folder["list"], _folder["alice.key"]])).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aaa.key")]
    [InlineData("zzz.key")]
    public void A_key_that_gets_a_second_name_later_keeps_its_first_one(string file)
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));

        Certificate(file, _alice);
        File.Delete(_folder["bob.key"]);
        Look();
        Look();

        Assert.Equal("alice", Find(peers, _alice)!.Name);
        Assert.Null(Find(peers, _bob));
        Assert.Contains($"/{file}` has the key of `{file[..3]}`, which is also that of `alice` in ", Assert.Single(peers.Problems), StringComparison.Ordinal);

        File.Delete(_folder["alice.key"]);
        Look();

        Assert.Equal(file[..3], Find(peers, _alice)!.Name);
        Assert.Empty(peers.Problems);
    }

    [Fact]
    public void A_name_may_have_two_keys_while_one_takes_the_others_place()
    {
        Certificate("alice.key", _alice);
        Certificate("alice-2027.key", _bob, "name = \"alice\"");
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        Assert.Equal(("alice", "alice"), (Find(peers, _alice)!.Name, Find(peers, _bob)!.Name));

        File.Delete(_folder["alice.key"]);
        Look();

        Assert.Null(Find(peers, _alice));
        Assert.Equal("alice", Find(peers, _bob)!.Name);
    }

    [Fact]
    public void A_secret_key_of_this_node_that_comes_into_a_list_is_told_and_not_let_in()
    {
        using var own = CurveKeys.Generate();
        File.WriteAllText(_folder["list"], $"{_alice} alice\n");
        var list = Followed(new KeyList(new CurveSources([], [_folder["list"]], []) { Identities = [own] }, _clock));
        List<string> told = [];
        list.Edited += change => told.Add(change.ToString());

        File.WriteAllText(_folder["list"], $"{_alice} alice\n{Z85.Encode(own.Secret)} bob\n");
        Look();
        Look();

        Assert.Empty(told);
        Assert.StartsWith($"`{_folder["list"]}`, line 2, has a secret key of this node", Assert.Single(list.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_who_was_added_removed_renamed_and_described_otherwise()
    {
        Certificate("alice.key", _alice);
        Certificate("bob.key", _bob);
        var peers = Followed(CurvePeers.FromDirectory(_folder.Path, _clock));
        List<string> told = [];
        peers.Edited += change => told.Add(change.ToString());

        File.Move(_folder["bob.key"], _folder["robert.key"]);
        Look();
        Certificate("carol.key", _carol);
        Look();
        Certificate("alice.key", _alice, "site = \"north\"");
        File.Delete(_folder["carol.key"]);
        Look();
        Certificate("copy-of-alice.key", _alice, "name = \"alice\"\n    site = \"north\"");
        Look();

        Assert.Equal([$"renamed bob to robert ({_bob})", $"added carol ({_carol})", $"removed carol ({_carol}); changed alice ({_alice})"], told);
    }

    [Fact]
    public void Of_many_changes_the_first_are_named() =>
        Assert.Equal("removed 1, 2, 3, 4, 5 and 2 more", new ListChange { Removed = ["7", "6", "5", "4", "3", "2", "1"] }.ToString());

    private static string New()
    {
        using var keys = CurveKeys.Generate();
        return keys.PublicKey;
    }

    private static PeerIdentity? Find(CurvePeers peers, string key) => Z85.TryDecodeKey(key, out var bytes) ? peers.Find(bytes) : null;

    private KeyList List(string[]? keys = null, string[]? files = null, string[]? folders = null) => new(new CurveSources(keys ?? [], files ?? [], folders ?? []), _clock);

    private CurvePeers Followed(CurvePeers peers)
    {
        peers.Removed += Count;
        return peers;
    }

    private void Count() => _removals++;

    private void Look() => _clock.Advance(WatchedFiles<KeyTable>.Step);

    private void Certificate(string name, string key, string metadata = "") => File.WriteAllText(_folder[name], $"metadata\n    {metadata}\ncurve\n    public-key = \"{key}\"\n");
}
