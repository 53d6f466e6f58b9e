using MessageRouter.Configuration;
using MessageRouter.Curve;
using MessageRouter.Reloading;
using MessageRouter.Security;
using MessageRouter.ZeroMq;
using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Security;

/// <summary>What a configuration says of who may connect.</summary>
public sealed class SecurityReaderTests : IDisposable
{
    private const string Bus = "type = zeromq, bind = \"tcp://127.0.0.1:0\"";

    private readonly SecurityFolder _folder = new("alice", "bob");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_lead_to_keys_and_lists()
    {
        var node = _folder.Read(SecurityFolder.Node1($"{Bus}, curve {{ identity = node, allow = [office] }}"));

        var curve = Assert.IsType<CurveEndpoint>(((ZeroMqInput.Options)node.Components[0].Options!).Security);
        Assert.Equal(_folder.Node.PublicKey, curve.Identity.PublicKey);
        Assert.Equal(2, Assert.Single(curve.Allow!).List.Peers.Count);
        Assert.Null(curve.ServerKey);
    }

    [Theory]
    [InlineData("type = zeromq, bind = \"tcp://127.0.0.1:0\"", true)]
    [InlineData("type = zeromq, bind = \"tcp://127.0.0.1:0\", socket-type = push", true)]
    [InlineData("type = distributor, bind = \"tcp://127.0.0.1:0\"", true)]
    [InlineData("type = distributor, workers = \"tcp://127.0.0.1:1\", delivery = at-least-once", false)]
    public void Outputs_have_it_too(string output, bool server)
    {
        using var hub = _folder.New("hub.key");
        var curve = server ? "allow = any" : "server = hub.key";
        var node = _folder.Read($$"""
            router {
              security.identities.node.file = node.key_secret
              inputs.in { type = null, to = out }
              outputs.out { {{output}}, curve { identity = node, {{curve}} } }
            }
            """);

        var security = Assert.IsType<CurveEndpoint>(((ISecured)node.Components[1].Options!).Security);
        Assert.Equal(server ? null : hub.PublicKey, security.ServerKey);
        Assert.Equal(server, security.Allow is []);
    }

    [Theory]
    [InlineData("curve { identity = nod, allow = any }", "there is no identity `nod` for `curve` of input `bus` (zeromq)", "did you mean `node`?")]
    [InlineData("curve { identity = other, allow = any }", "there is no identity `other` for `curve` of input `bus` (zeromq)", "router.security.identities has node")]
    [InlineData("curve { identity = node, allow = [office, lab] }", "there is no list of peers `lab` for `curve` of input `bus` (zeromq)", "router.security.peers has office")]
    [InlineData("curve { identity = node }", "`curve` of input `bus` (zeromq): `identity` says neither who may connect nor whom to trust: give `allow`, as in allow = [office], or `server`", null)]
    [InlineData("curve { identity = node, allow = [any, office] }", "`curve` of input `bus` (zeromq): `allow` has `any` beside lists, which would mean nothing any more; leave one of the two", null)]
    [InlineData("curve { allow = any }", "`curve` of input `bus` (zeromq) needs a key `identity`", "Whose keys the sockets have: a name of `router.security.identities`.")]
    [InlineData("curve { identity = node, server = \"SECRET\" }", "input `bus` (zeromq): `server` of `curve` is the secret key of the identity `node`, which whoever reads this file has now", "write the public one, which `message-router keys show` prints; and make new keys, since this one is no secret any more")]
    [InlineData("curve { identity = node, server = \"SECRET0\" }", null, null)]
    [InlineData("curve { identity = node, server = away.key }", "input `bus` (zeromq): `server` of `curve`: `FOLDER/away.key` is not there", "name a public certificate")]
    [InlineData("curve { identity = node, server = node.key_secret }", "input `bus` (zeromq): `server` of `curve`: `FOLDER/node.key_secret` has a secret key, where only the public one belongs", "name `FOLDER/node.key`, and keep this one where its owner is")]
    [InlineData("curve { identity = node, server = \"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\" }", "input `bus` (zeromq): `server` of `curve`: `~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~` has 40 characters that are no public key in Z85, and names no file", "copy the key again, as it is, or name the server's public certificate")]
    [InlineData("curve { identity = node, allow = any }, engine = netmq", "input `bus` (zeromq) cannot have `curve`: `engine` has NetMQ do the work, which lets peers in that prove nothing", "remove `engine`")]
    [InlineData("curve { identity = node, allow = any }, connect = \"inproc://a\"", "input `bus` (zeromq) cannot have `curve`: `connect` has NetMQ do the work, which lets peers in that prove nothing", "use tcp:// or ipc://, or remove the block")]
    [InlineData("curve { identity = node, allow = any }, plain { user = a }", "input `bus` (zeromq) has both `curve` and `plain`", "leave one of the two: a socket has one way to prove who it is")]
    [InlineData("curve { identity = node, allow = any, alow = x }", "unknown key `alow` for `curve` of input `bus` (zeromq)", "did you mean `allow`?")]
    [InlineData("plain { }", "`plain` of input `bus` (zeromq): says neither who may connect nor who this side is: give `users`, or `user` and `password`", null)]
    [InlineData("plain { users = away }", "input `bus` (zeromq): `users` of `plain`: `FOLDER/away` is not there", "name a file with users")]
    [InlineData("plain { password = x }", null, null)]
    [InlineData("curve { identity = node, server = node.key, authenticator { class = x } }", "`curve` of input `bus` (zeromq): `authenticator` decides who may connect, so it needs `allow`; write allow = any where it decides alone", null)]
    [InlineData("curve { identity = node, allow = any, authenticator { clas = x } }", "`authenticator` of input `bus` (zeromq) needs a key `class`", "name a class of a plug-in that implements IPeerAuthenticator")]
    [InlineData("curve { identity = node, allow = any, authenticator { class = MessageRouter.Tests.Security.ScriptedAuthenticato } }", "there is no class `MessageRouter.Tests.Security.ScriptedAuthenticato` for `authenticator` of input `bus` (zeromq)", "did you mean `MessageRouter.Tests.Security.ScriptedAuthenticator`?")]
    [InlineData("curve { identity = node, allow = any, authenticator { class = MessageRouter.Tests.Security.SecurityFolder } }", "`MessageRouter.Tests.Security.SecurityFolder` cannot be `authenticator` of input `bus` (zeromq): it is no class that implements IPeerAuthenticator", null)]
    [InlineData("curve { identity = node, allow = any, authenticator { class = \"MessageRouter.Tests.Security.ScriptedAuthenticator, MessageRouter.Tests\", acept = x } }", "unknown key `acept` for `authenticator` of input `bus` (zeromq)", "did you mean `accept`?")]
    public void Says_what_is_wrong_with_a_component_at_its_place(string block, string? message, string? hint)
    {
        var secret = Z85.Encode(_folder.Node.Secret);
        var text = SecurityFolder.Node1($"{Bus}, {block.Replace("SECRET", secret, StringComparison.Ordinal)}");
        var exception = Assert.Throws<ConfigurationException>(() => _folder.Read(text));
        Assert.DoesNotContain(secret, exception.ToString(), StringComparison.Ordinal);

        var diagnostic = exception.Diagnostics[0];
        if (message is not null) Assert.Equal(message.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), diagnostic.Message);
        if (hint is not null) Assert.Equal(hint.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), diagnostic.Hint);
        Assert.Equal(_folder["node.conf"], diagnostic.Span!.Source.Name);
        if (message is not null) Assert.Single(exception.Diagnostics);
    }

    [Theory]
    [InlineData("identities { node { file = node.key } }", "identity `node`: `FOLDER/node.key` is a public certificate and has no secret key", "name the file that was made with it, `FOLDER/node.key_secret`")]
    [InlineData("identities { node { file = away } }", "identity `node`: `FOLDER/away` is not there", "name the file with the secret key")]
    [InlineData("identities { node { } }", "identity `node` needs a key `file`", null)]
    [InlineData("identities { node = node.key }", "identity `node` must be a block", "write node { … }")]
    [InlineData("identities = node.key", "`identities` of `security` must be a block", "write identities { node { file = \"node.key_secret\" } }")]
    [InlineData("identity { }", "unknown key `identity` for `security` of the router", "known keys: identities, peers")]
    [InlineData("peers { office { directory = away } }", "list of peers `office`: `FOLDER/away` is not there", "make the folder, and copy the public certificates of those who may connect there")]
    [InlineData("peers { office { directory = empty } }", "list of peers `office`: `FOLDER/empty` has no public certificate, so nobody could connect", null)]
    [InlineData("peers { office { file = node.key_secret } }", "list of peers `office`: `FOLDER/node.key_secret` has a secret key, where only the public one belongs", null)]
    [InlineData("identities { node { file = node.key_secret } }, peers { office { allow = [\"SECRET somebody\"] } }", "list of peers `office` has the secret key of the identity `node`, which whoever reads this file has now", null)]
    [InlineData("identities { node { file = node.key_secret } }, peers { office { allow = [\"SECRET\\tsomebody\"] } }", "list of peers `office` has the secret key of the identity `node`, which whoever reads this file has now", null)]
    [InlineData("identities { node { file = node.key_secret } }, peers { office { file = lists } }", "list of peers `office`: `FOLDER/lists`, line 2, has a secret key of this node, where only public ones belong", ICurveIdentity.CureOfSecret)]
    [InlineData("identities { node { file = \"^(0SECRET\" } }", "identity `node`: `file` has what looks like a key itself", null)]
    [InlineData("peers { office { allow = [\"0123\"] } }", "list of peers `office`: `0123` has a key of 4 characters instead of 40", null)]
    [InlineData("peers { office { } }", "list of peers `office`: names nobody: give `directory`, `file`, or `allow` with public keys", null)]
    [InlineData("peers { any { directory = clients } }", "`any` cannot name a list of peers: it stands for everybody", "give it another name")]
    [InlineData("peers { \"a b\" { directory = clients } }", "`a b` cannot name a list of peers", null)]
    public void Says_what_is_wrong_with_keys_and_lists(string security, string message, string? hint)
    {
        Directory.CreateDirectory(_folder["empty"]);
        var secret = Z85.Encode(_folder.Node.Secret);
        File.WriteAllText(_folder["lists"], $"{_folder.Clients["alice"].PublicKey} alice\n{secret} bob\n");

        var exception = Assert.Throws<ConfigurationException>(() => _folder.Read(SecurityFolder.Node1(Bus, security.Replace("SECRET", secret, StringComparison.Ordinal))));
        Assert.DoesNotContain(secret, exception.ToString(), StringComparison.Ordinal);

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(message.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), diagnostic.Message);
        if (hint is not null) Assert.Equal(hint.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), diagnostic.Hint);
        Assert.NotNull(diagnostic.Span);
    }

    [Fact]
    public void A_key_with_two_names_is_refused_with_both_places()
    {
        var mallory = $"{_folder.Clients["alice"].PublicKey} mallory";
        var exception = Assert.Throws<ConfigurationException>(() => _folder.Read(SecurityFolder.Node1(Bus, $"peers {{ office {{ directory = clients, allow = [\"{mallory}\"] }} }}")));

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal($"list of peers `office`: `{_folder["clients/alice.key"]}` has the key of `alice`, which is also that of `mallory` in `{mallory}`", diagnostic.Message);
        Assert.Equal("leave one of the two: a key is one peer's", diagnostic.Hint);
    }

    [Fact]
    public void What_cannot_be_read_is_no_unknown_name()
    {
        var text = SecurityFolder.Node1($"{Bus}, curve {{ identity = node, allow = [office] }}", "identities { node { file = away } }, peers { office { directory = away } }");

        var exception = Assert.Throws<ConfigurationException>(() => _folder.Read(text));

        Assert.Equal(["identity `node`:", "list of peers `office`:"], exception.Diagnostics.Select(diagnostic => diagnostic.Message.Split(" `/")[0]));
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:0", false)]
    [InlineData("tcp://localhost:0", false)]
    [InlineData("ipc://@bus", false)]
    [InlineData("tcp://*:0", true)]
    [InlineData("tcp://10.0.0.1:5222", true)]
    public void Plain_beyond_this_machine_is_warned_of(string endpoint, bool isWarned)
    {
        _folder.Read(SecurityFolder.Node1($"type = zeromq, bind = \"{endpoint}\", plain {{ user = a, password = b }}"), out var warnings);

        Assert.Equal(isWarned, warnings.Any(warning => warning.Message == $"input `bus` (zeromq): passwords and messages can be read by everybody on the way to {endpoint}: PLAIN encrypts nothing"));
    }

    [Fact]
    public void A_key_that_is_exchanged_in_its_file_is_a_change_of_what_names_it()
    {
        var text = SecurityFolder.Node1($"{Bus}, curve {{ identity = node, allow = [office] }}");
        var before = _folder.Read(text);
        Assert.Empty(Differences.Between(before.Components[0], _folder.Read(text).Components[0]));

        File.Delete(_folder["node.key"]);
        File.Delete(_folder["node.key_secret"]);
        using var other = _folder.New("node.key");

        Assert.Equal(["curve"], Differences.Between(before.Components[0], _folder.Read(text).Components[0]));
    }

    [Fact]
    public void Another_source_of_a_list_is_a_change_of_the_node_and_not_of_the_component()
    {
        var before = _folder.Read(SecurityFolder.Node1($"{Bus}, curve {{ identity = node, allow = [office] }}"));
        var after = _folder.Read(SecurityFolder.Node1($"{Bus}, curve {{ identity = node, allow = [office] }}", "identities { node { file = node.key_secret } }, peers { office { file = \"clients/alice.key\" } }"));

        Assert.Empty(Differences.Between(before.Components[0], after.Components[0]));
        Assert.Equal(["security.peers.office"], Differences.Changeable(before, after));
    }
}
