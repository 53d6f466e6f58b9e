using System.Text.Json;
using MessageRouter.Curve;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Cli;

public sealed class KeysTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task New_writes_both_files_and_shows_the_public_key()
    {
        Assert.Equal(0, await _cli.RunAsync("keys", "new", "alice", "-d", _cli["keys"]));

        using var keys = CurveKeys.Load(_cli["keys/alice.key_secret"]);
        Assert.Equal($"{keys.PublicKey} alice\n\nkeys/alice.key is for those who are to know this key, keys/alice.key_secret for nobody but its owner.\n", _cli.Output);
        Assert.Equal(keys.PublicKey, CurveKeys.LoadPublicKey(_cli["keys/alice.key"]));
        Assert.DoesNotContain(Z85.Encode(keys.Secret), _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_as_JSON_has_all_but_the_secret()
    {
        Assert.Equal(0, await _cli.RunAsync("keys", "new", "alice", "-d", _cli["."], "--format", "json"));

        var written = JsonDocument.Parse(_cli.Output).RootElement;
        using var keys = CurveKeys.Load(_cli["alice.key_secret"]);
        Assert.Equal(["name", "public_key", "fingerprint", "public", "secret"], written.EnumerateObject().Select(member => member.Name));
        Assert.Equal(keys.PublicKey, written.GetProperty("public_key").GetString());
        Assert.DoesNotContain(Z85.Encode(keys.Secret), _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_overwrites_nothing()
    {
        _cli.Write("alice.key", "mine");

        Assert.Equal(69, await _cli.RunAsync("keys", "new", "alice", "-d", _cli["."]));

        Assert.Contains("alice.key", _cli.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_cli["alice.key"]));
        Assert.False(File.Exists(_cli["alice.key_secret"]));
    }

    [Theory]
    [InlineData("../alice")]
    [InlineData("")]
    [InlineData(".alice")]
    [InlineData("a\nb")]
    public async Task New_takes_a_name_that_can_be_part_of_a_files(string name)
    {
        Assert.Equal(64, await _cli.RunAsync("keys", "new", name));

        Assert.Contains("cannot be a name of keys", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice.key")]
    [InlineData("alice.key_secret")]
    public async Task Show_and_fingerprint_show_nothing_secret(string file)
    {
        using var keys = CurveKeys.Generate();
        keys.Save(_cli["alice.key"], new Dictionary<string, string> { ["name"] = "Alice", ["site"] = "north" });

        Assert.Equal(0, await _cli.RunAsync("keys", "show", _cli[file]));
        Assert.Equal(0, await _cli.RunAsync("keys", "fingerprint", _cli[file]));
        Assert.Equal(0, await _cli.RunAsync("keys", "show", _cli[file], "--format", "json"));

        Assert.StartsWith($"{keys.PublicKey} Alice\n{CurveKeys.Fingerprint(keys.PublicKey)}\n{{\"public_key\":\"{keys.PublicKey}\",\"name\":\"Alice\",", _cli.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Z85.Encode(keys.Secret), _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_says_what_is_wrong_with_a_file()
    {
        Assert.Equal(69, await _cli.RunAsync("keys", "show", _cli["away.key"]));

        Assert.Equal("error: `away.key` is not there\n  = name a certificate\n", _cli.Error);
    }

    [Fact]
    public async Task Check_says_what_each_file_has()
    {
        using var keys = CurveKeys.Generate();
        Directory.CreateDirectory(_cli["clients"]);
        keys.Save(_cli["node.key"]);
        File.Copy(_cli["node.key"], _cli["clients/alice.key"]);
        _cli.Write("list", $"{keys.PublicKey} alice\n");
        _cli.Write("users", $"alice:{PasswordHash.Of("x"u8, 1000)}\nbob:{PasswordHash.Of("x"u8, 1000)}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_cli["users"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(0, await _cli.RunAsync("keys", "check", _cli["node.key_secret"], _cli["node.key"], _cli["clients"], _cli["list"], _cli["users"]));

        Assert.Equal("""
            node.key_secret: both keys of node, which only the file's owner can read
            node.key: the public certificate of node
            clients: 1 public certificate
            list: a list of 1 public key
            users: 2 users

            """, _cli.Output);
    }

    [Fact]
    public async Task Check_ends_with_1_where_a_file_is_wrong_and_checks_the_others()
    {
        using var keys = CurveKeys.Generate();
        keys.Save(_cli["node.key"]);
        _cli.Write("list", "0123 alice\n");

        Assert.Equal(1, await _cli.RunAsync("keys", "check", _cli["list"], _cli["node.key"], _cli["away"]));

        Assert.Equal("node.key: the public certificate of node\n", _cli.Output);
        Assert.StartsWith("error: `list`, line 1, has a key of 4 characters instead of 40\n  = ", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("error: `away` is not there\n", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret\n")]
    [InlineData("secret")]
    [InlineData("secret\r\nmore\n")]
    public async Task Password_makes_a_line_of_a_users_file(string input)
    {
        using var cli = new CliRun { Input = input };

        Assert.Equal(0, await cli.RunAsync("keys", "password", "alice"));

        Assert.StartsWith("alice:$pbkdf2-sha512$", cli.Output, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(cli.Output.TrimEnd()[6..], out var hash, out _));
        Assert.True(hash!.Matches("secret"u8));
    }

    [Theory]
    [InlineData("\n", "alice", "there is no password on the standard input")]
    [InlineData("x\n", "#alice", "cannot be a user")]
    [InlineData("x\n", "a:$b", "cannot be a user")]
    public async Task Password_says_what_is_wrong(string input, string user, string problem)
    {
        using var cli = new CliRun { Input = input };

        Assert.Equal(64, await cli.RunAsync("keys", "password", user));

        Assert.Contains(problem, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_PLAIN_has_no_room_for_is_refused()
    {
        using var cli = new CliRun { Input = new string('x', 256) };

        Assert.Equal(64, await cli.RunAsync("keys", "password", "alice"));
    }
}
