using MessageRouter.Curve;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Curve;

/// <summary>Keys in files, as czmq and PyZMQ have them.</summary>
public sealed class KeyFileTests : IDisposable
{
    // A pair from RFC 26's own tests of Z85 keys, as libzmq's have it.
    private const string Public = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    private const string Secret = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_saved_is_loaded()
    {
        using var keys = CurveKeys.Generate();

        keys.Save(_folder["node.key"], new Dictionary<string, string> { ["name"] = "the node", ["motto"] = "say \"hello\"" });

        using var loaded = CurveKeys.Load(_folder["node.key_secret"]);
        Assert.Equal(keys.PublicKey, loaded.PublicKey);
        Assert.True(keys.Secret.SequenceEqual(loaded.Secret));
        Assert.Equal(keys.PublicKey, CurveKeys.LoadPublicKey(_folder["node.key"]));
        using var certificate = KeyFile.Public(_folder["node.key"]);
        Assert.Equal("the node", certificate.Metadata["name"]);
        Assert.Equal("say \"hello\"", certificate.Metadata["motto"]);
    }

    [Fact]
    public void The_files_have_the_shape_of_czmqs()
    {
        using var keys = CurveKeys.Generate();

        keys.Save(_folder["node.key"], new Dictionary<string, string> { ["name"] = "node" });

        string[] lines = ["metadata", "    name = \"node\"", "curve", $"    public-key = \"{keys.PublicKey}\"", ""];
        Assert.Equal(lines, File.ReadAllText(_folder["node.key"]).Split('\n').SkipWhile(line => line.StartsWith('#') || line.Length == 0));
        Assert.Contains($"    secret-key = \"{Z85.Encode(keys.Secret)}\"\n", File.ReadAllText(_folder["node.key_secret"]), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["node.key_secret"]));
    }

    [Theory]
    [InlineData("node.key")]
    [InlineData("node.key_secret")]
    public void Nothing_is_overwritten(string there)
    {
        using var keys = CurveKeys.Generate();
        File.WriteAllText(_folder[there], "mine");

        Assert.Throws<IOException>(() => keys.Save(_folder["node.key"]));

        Assert.Equal("mine", File.ReadAllText(_folder[there]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("metadata\n    name = bob the builder\ncurve\n    public-key = \"P\"\n    secret-key = \"S\"\n")]
    [InlineData("#   ****  Generated on 2026-11-29 by CZMQ  ****\n\nmetadata\n    name = \"bob the builder\"\ncurve\n    public-key = 'P'\n    secret-key = 'S'")]
    [InlineData("\uFEFFcurve\r\n\tpublic-key=P\r\n\tsecret-key=S\r\nmetadata\r\n\tname=bob the builder\r\n")]
    public void What_others_write_is_read(string text)
    {
        Write("bob.key_secret", text);

        using var file = KeyFile.Secret(_folder["bob.key_secret"]);

        Assert.Equal(Public, Z85.Encode(file.PublicKey));
        Assert.Equal(Secret, Z85.Encode(file.SecretKey));
        Assert.Equal("bob the builder", file.Metadata["name"]);
    }

    [Theory]
    [InlineData("", " has no public key; name a certificate: ")]
    [InlineData("metadata\n    name = x\n", " has no public key; ")]
    [InlineData("curve\n    public-key = \"P\"\n", " is a public certificate and has no secret key; name the file that was made with it, ")]
    [InlineData("curve\n    public-key = \"Pa\"\n    secret-key = \"S\"\n", ", line 2, has a public key of 41 characters instead of 40; copy the file again, whole.")]
    [InlineData("curve\n    public-key = \"P\"\n    secret-key = \"S", null)]
    [InlineData("curve\n    public-key = \"P\"\n    secret-key = \"D:)Q[Il\"\n", ", line 3, has a secret key of 7 characters instead of 40; copy the file again, whole.")]
    [InlineData("curve\n    public-key = \"P\"\n    secret-key = \"~:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"\n", ", line 3, has a secret key that is no Z85; copy the file again, as it is.")]
    [InlineData("curve\n    public-key = \"S\"\n    secret-key = \"S\"\n", " has a secret key that is not that of its public one; copy the file again, as it was made.")]
    [InlineData("curve\n    public-key = \"P\"\n    public-key = \"P\"\n", ", line 3, has a second public key; leave one of the two.")]
    [InlineData("curve\n    public-key = \"P\"\n    secret-key = \"S\"\n    secret-key = \"S\"\n", ", line 4, has a second secret key; leave one of the two.")]
    [InlineData("curve\n    public-key = \"\0\"\n", " is no text; name the file with the secret key.")]
    public void Says_what_is_wrong_with_a_file_and_shows_no_secret(string text, string? problem)
    {
        Write("a.key_secret", text);

        var exception = Record.Exception(() => KeyFile.Secret(_folder["a.key_secret"]).Dispose()) as SecurityFileException;

        if (problem is null) Assert.Null(exception);
        else Assert.Contains($"`{_folder["a.key_secret"]}`{problem}", exception!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[3..9], exception?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere.key_secret", " is not there; name the file with the secret key.")]
    [InlineData(".", " is a folder; name the file with the secret key.")]
    public void Says_that_there_is_no_such_file(string name, string problem) =>
        Assert.EndsWith($"{problem}", Assert.Throws<SecurityFileException>(() => CurveKeys.Load(_folder[name])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_secret_that_others_may_read_or_change_is_refused(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows()) return;
        Write("a.key_secret", "curve\n    public-key = \"P\"\n    secret-key = \"S\"\n");
        File.SetUnixFileMode(_folder["a.key_secret"], UnixFileMode.UserRead | others);

        var exception = Assert.Throws<SecurityFileException>(() => CurveKeys.Load(_folder["a.key_secret"]));

        Assert.Equal($"`{_folder["a.key_secret"]}` can be read or changed by others than its owner; chmod 600 {_folder["a.key_secret"]}.", exception.Message);
    }

    [Theory]
    [InlineData("a.key_secret", "name `")]
    [InlineData("a.key", "put the public certificate here")]
    public void A_secret_where_a_public_key_belongs_is_refused(string name, string cure)
    {
        Write(name, "curve\n    public-key = \"P\"\n    secret-key = \"S\"\n");

        var exception = Assert.Throws<SecurityFileException>(() => KeyFile.Public(_folder[name]));

        Assert.EndsWith(" has a secret key, where only the public one belongs", exception.Problem, StringComparison.Ordinal);
        Assert.StartsWith(cure, exception.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b", "x")]
    [InlineData("", "x")]
    [InlineData("name", "two\nlines")]
    [InlineData("name", "both ' and \"")]
    public void What_cannot_be_written_is_refused(string name, string value)
    {
        using var keys = CurveKeys.Generate();

        Assert.Throws<ArgumentException>(() => keys.Save(_folder["a.key"], new Dictionary<string, string> { [name] = value }));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_fingerprint_is_of_the_key_and_of_nothing_else() =>
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", CurveKeys.Fingerprint(Public));

    private void Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text.Replace("\"P", $"\"{Public}", StringComparison.Ordinal).Replace("'P'", $"'{Public}'", StringComparison.Ordinal).Replace("=P\r", $"={Public}\r", StringComparison.Ordinal)
            .Replace("\"S", $"\"{Secret}", StringComparison.Ordinal).Replace("'S'", $"'{Secret}'", StringComparison.Ordinal).Replace("=S\r", $"={Secret}\r", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
