using System.Diagnostics.Metrics;
using MessageRouter.Cli.Controlling.Reports;
using MessageRouter.Curve;
using MessageRouter.Routing;
using MessageRouter.Tests.Support;
using MessageRouter.Zmtp;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Tests.Security;

/// <summary>Nodes whose peers prove who they are.</summary>
public sealed class SecuredNodeTests : IDisposable
{
    private const string Pull = "type = zeromq, bind = \"tcp://127.0.0.1:0\", socket-type = pull";
    private const string Office = $"{Pull}, curve {{ identity = node, allow = [office] }}";

    private readonly SecurityFolder _folder = new("alice", "bob");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_is_allowed_comes_in_and_a_stranger_does_not()
    {
        await using var node = await StartAsync(Office);
        await using var alice = Client(node, Curve("alice"));
        using var keys = CurveKeys.Generate();
        await using var stranger = Client(node, CurveSecurity.Client(keys, _folder.Node.PublicKey));
        await using var plaintext = Client(node, null);
        var refusal = Refusal(stranger);
        var other = Refusal(plaintext);

        await alice.SendAsync(Text("one"));

        Assert.Equal(["one"], await node.SinkAsync(1));
        Assert.Contains("does not let this side in", await refusal.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        Assert.Contains("only NULL is spoken here", await other.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        Assert.Empty(stranger.Peers);
    }

    [Fact]
    public async Task Each_message_says_whose_key_has_sent_it_and_none_can_pretend_to_be_anothers()
    {
        File.AppendAllText(_folder["clients/alice.key"], "\nmetadata\n    team = \"blue\"\n");
        await using var node = await TestNode.StartAsync(_folder.Read($$"""
            router {
              security { identities { node { file = node.key_secret } }, peers { office { directory = clients } } }
              inputs { bus { {{Office}}, to = who } }
              filters {
                who { type = set, from-peer { sender = identity, team = attributes.team }, to = ours }
                ours { type = key, key = peer.identity, match = alice, to = sink }
              }
              outputs { sink { type = test } }
            }
            """));
        await using var alice = Client(node, Curve("alice"));
        await using var bob = Client(node, Curve("bob"));

        await bob.SendAsync(Text("""{"n":1,"sender":"alice","peer":{"identity":"alice"}}"""));
        await Eventually.IsTrueAsync(() => node["filters.ours"].Filtered == 1);
        await alice.SendAsync(Text("""{"n":2,"sender":"root"}"""));

        Assert.Equal(["""{"n":2,"sender":"alice","team":"blue"}"""], await node.SinkAsync(1));
        var peer = Assert.Single(node.Recorded["outputs.sink"]).Peer;
        Assert.Equal(("alice", "curve", _folder.Clients["alice"].PublicKey), (peer?.Identity, peer?.Mechanism, peer?.PublicKey));
    }

    [Fact]
    public async Task Pulling_a_key_out_ends_its_connection_and_no_other()
    {
        await using var node = await StartAsync(Office);
        await using var alice = Client(node, Curve("alice"));
        await using var bob = Client(node, Curve("bob"));
        await Eventually.IsTrueAsync(() => alice.Peers.Count == 1 && bob.Peers.Count == 1);
        var (gone, breaks) = (Refusal(alice), 0);
        bob.PeerDisconnected += (_, _) => breaks++;

        _folder.TakeOff("alice");
        node.Clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Contains("does not let this side in", await gone.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        await bob.SendAsync(Text("from bob"));
        Assert.Equal(["from bob"], await node.SinkAsync(1));
        Assert.Equal(0, breaks);
        Assert.Contains(node.Log.Lines, entry => entry.Text == $"The list office of those who may connect has changed: removed alice ({_folder.Clients["alice"].PublicKey}). It has 1.");

        _folder.Allow("alice");
        node.Clock.Advance(TimeSpan.FromMilliseconds(250));
        await alice.SendAsync(Text("from alice"));
        Assert.Equal(["from bob", "from alice"], await node.SinkAsync(2));
    }

    [Fact]
    public async Task A_change_that_cannot_be_used_is_said_once_and_changes_nothing()
    {
        await using var node = await StartAsync(Office);
        await using var alice = Client(node, Curve("alice"));
        await Eventually.IsTrueAsync(() => alice.Peers.Count == 1);

        File.WriteAllText(_folder["clients/carol.key"], "half written");
        for (var look = 0; look < 5; look++) node.Clock.Advance(TimeSpan.FromMilliseconds(250));

        var warning = Assert.Single(node.Log.Lines, entry => entry.Level == LogLevel.Warning);
        Assert.StartsWith($"A change of the list office is not in force, and what was said there before stays: `{_folder["clients/carol.key"]}` has no public key; ", warning.Text, StringComparison.Ordinal);
        await alice.SendAsync(Text("one"));
        Assert.Equal(["one"], await node.SinkAsync(1));
    }

    [Fact]
    public async Task What_cannot_be_used_is_shown_for_as_long_as_it_lasts()
    {
        await using var node = await StartAsync(Office);
        Assert.Equal(("healthy", 0L), (node.Node.Health().Status, Problems(node)));

        File.WriteAllText(_folder["clients/carol.key"], "half written");
        Look(node);

        var problem = Assert.Single(node.Node.Status().SecurityProblems);
        Assert.Equal("office", problem.List);
        Assert.StartsWith($"`{_folder["clients/carol.key"]}` has no public key; name a certificate", problem.Problem, StringComparison.Ordinal);
        Assert.Contains($"\nlists of those who may connect:\n  office: {problem.Problem}\n", StatusReport.Print(node.Node.Status()), StringComparison.Ordinal);
        Assert.Contains("\"security_problems\":[{\"list\":\"office\",\"problem\":", node.Node.Status().ToJson(), StringComparison.Ordinal);
        Assert.Equal(("degraded", true, 1L), (node.Node.Health().Status, node.Node.Health().Ready, Problems(node)));

        File.Delete(_folder["clients/carol.key"]);
        Look(node);

        Assert.Empty(node.Node.Status().SecurityProblems);
        Assert.Equal(("healthy", 0L), (node.Node.Health().Status, Problems(node)));
        Assert.Contains(node.Log.Lines, entry => entry.Text == "The list office of those who may connect is in order again.");
    }

    [Fact]
    public async Task A_file_of_users_that_cannot_be_used_is_shown_until_no_socket_has_it()
    {
        _folder.Users("users", ("carol", "open sesame"));
        await using var node = await StartAsync($"{Pull}, plain {{ users = users }}");

        File.WriteAllText(_folder["users"], "carol");
        Look(node);

        Assert.Equal(_folder["users"], Assert.Single(node.Node.Status().SecurityProblems).List);

        await node.Node.ReloadAsync(Read(Office));

        Assert.Empty(node.Node.Status().SecurityProblems);
    }

    [Fact]
    public async Task A_node_says_at_its_start_where_passwords_can_be_read()
    {
        _folder.Users("users", ("carol", "open sesame"));
        await using var node = await StartAsync("type = zeromq, bind = \"tcp://*:0\", plain { users = users }");
        await using var local = await StartAsync($"{Pull}, plain {{ users = users }}");

        const string Beginning = "Passwords and messages can be read by everybody on the way to tcp://*:0 (inputs.bus): PLAIN encrypts nothing.";
        Assert.Single(node.Log.Lines, entry => entry.Level == LogLevel.Warning && entry.Text.StartsWith(Beginning, StringComparison.Ordinal));
        Assert.DoesNotContain(local.Log.Lines, entry => entry.Text.StartsWith("Passwords", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("socket-type = pull", true)]
    [InlineData("curve { identity = node, allow = [office] }", false)]
    [InlineData("curve { identity = node, allow = any }", true)]
    [InlineData("plain { users = users }", false)]
    [InlineData("plain { user = a, password = b }", true)]
    public async Task A_node_says_at_its_start_where_nobody_is_asked(string security, bool isSaid)
    {
        _folder.Users("users", ("carol", "open sesame"));
        await using var node = await StartAsync($"type = zeromq, bind = \"tcp://*:0\", {security}");

        Assert.Equal(isSaid, node.Log.Lines.Any(entry => entry.Text.StartsWith("Whoever reaches this machine may connect, and is not asked who that is: tcp://*:0 (inputs.bus).", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reload_gives_a_list_another_source_while_connections_stay()
    {
        await using var node = await StartAsync(Office);
        await using var alice = Client(node, Curve("alice"));
        await using var bob = Client(node, Curve("bob"));
        await Eventually.IsTrueAsync(() => alice.Peers.Count == 1 && bob.Peers.Count == 1);
        var (gone, breaks) = (Refusal(bob), 0);
        alice.PeerDisconnected += (_, _) => breaks++;

        var plan = await node.Node.ReloadAsync(Read(Office, "identities { node { file = node.key_secret } }, peers { office { file = \"clients/alice.key\" } }"));

        Assert.Equal(["security.peers.office"], plan.NodeKeys);
        Assert.Contains("does not let this side in", await gone.WaitAsync(TestNode.Patience), StringComparison.Ordinal);
        await alice.SendAsync(Text("one"));
        Assert.Equal(["one"], await node.SinkAsync(1));
        Assert.Equal(0, breaks);
    }

    [Fact]
    public async Task A_reload_gives_a_socket_another_key()
    {
        await using var node = await StartAsync(Office);
        using var other = _folder.New("other.key");
        await node.Node.ReloadAsync(Read(Office.Replace("node", "other", StringComparison.Ordinal), "identities { other { file = other.key_secret } }, peers { office { directory = clients } }"));

        await using var alice = Client(node, CurveSecurity.Client(_folder.Clients["alice"], other.PublicKey));
        await alice.SendAsync(Text("one"));

        Assert.Equal(["one"], await node.SinkAsync(1));
    }

    [Theory]
    [InlineData("curve { identity = node, allow = any, authenticator { class = SCRIPT, accept = carol } }", null)]
    [InlineData("curve { identity = node, allow = [office], authenticator { class = SCRIPT } }", "does not let this side in")]
    [InlineData("curve { identity = node, allow = [office], authenticator { class = SCRIPT, throws = true } }", "does not let this side in")]
    [InlineData("curve { identity = node, allow = [office], authenticator { class = SCRIPT, hangs = true } }", "The peer has")]
    public async Task An_authenticator_decides_beside_the_list(string curve, string? refusal)
    {
        await using var node = await StartAsync($"{Pull}, {curve.Replace("SCRIPT", typeof(ScriptedAuthenticator).FullName, StringComparison.Ordinal)}");
        await using var alice = Client(node, Curve("alice"));
        if (refusal is null)
        {
            await alice.SendAsync(Text("one"));
            Assert.Equal(["one"], await node.SinkAsync(1));
            return;
        }
        var refused = Refusal(alice);

        await Eventually.IsTrueAsync(() => refused.IsCompleted, node.Clock, TimeSpan.FromMilliseconds(100));

        Assert.Contains(refusal, await refused, StringComparison.Ordinal);
        if (curve.Contains("throws", StringComparison.Ordinal)) Assert.Contains(node.Log.Lines, entry => entry.Level == LogLevel.Error && entry.Text.StartsWith("The authenticator has failed on tcp://127.0.0.1:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("open sesame", null)]
    [InlineData("wrong", "does not let this side in")]
    public async Task Plain_asks_for_a_password(string password, string? refusal)
    {
        _folder.Users("users", ("carol", "open sesame"));
        await using var node = await StartAsync($"{Pull}, plain {{ users = users }}");
        await using var carol = Client(node, PlainSecurity.Client("carol", password));
        if (refusal is not null)
        {
            Assert.Contains(refusal, await Refusal(carol).WaitAsync(TestNode.Patience), StringComparison.Ordinal);
            return;
        }

        await carol.SendAsync(Text("one"));

        Assert.Equal(["one"], await node.SinkAsync(1));
    }

    [Fact]
    public async Task A_node_says_its_own_user_and_password()
    {
        _folder.Users("users", ("node", "open sesame"));
        await using var pull = new PullSocket(new ZmtpOptions { Bind = ["tcp://127.0.0.1:0"], Security = PlainSecurity.Server(PlainUsers.FromFile(_folder["users"])) });
        File.WriteAllText(_folder["password"], "open sesame\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["password"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var source = new ProbeSource();
        var definition = _folder.Read($$"""
            router {
              inputs.in { type = null, to = hub }
              outputs.hub { type = zeromq, socket-type = push, connect = "{{pull.Endpoints[0]}}", plain { user = node, password { secret { file = password } } } }
            }
            """);
        await using var node = await TestNode.StartAsync(definition with { Components = [source.Input() with { To = ["hub"] }, definition.Components[1]] });

        source.Send("1");

        Assert.Equal("1", System.Text.Encoding.UTF8.GetString((await pull.ReceiveAsync().AsTask().WaitAsync(TestNode.Patience))[0].Payload.Span));
    }

    /// <summary>What is wrong at two looks is.</summary>
    private static void Look(TestNode node)
    {
        for (var look = 0; look < 2; look++) node.Clock.Advance(TimeSpan.FromMilliseconds(250));
    }

    /// <summary>The metric.</summary>
    private static long Problems(TestNode node)
    {
        long? problems = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "messagerouter.node.security.problems" && instrument.Meter == node.Node.Meter!.Meter) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => problems = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return problems!.Value;
    }

    private async Task<TestNode> StartAsync(string bus) => await TestNode.StartAsync(Read(bus));

    private NodeDefinition Read(string bus, string security = "identities { node { file = node.key_secret } }, peers { office { directory = clients } }") =>
        _folder.Read(SecurityFolder.Node1(bus + ", decode = text", security));

    private CurveSecurity Curve(string client) => CurveSecurity.Client(_folder.Clients[client], _folder.Node.PublicKey);

    private static PushSocket Client(TestNode node, ZmtpSecurity? security) => new(new ZmtpOptions { Connect = [node["inputs.bus"].Endpoints[0]], Security = security, Linger = TimeSpan.Zero });

    /// <summary>Why a connection is refused, once it is.</summary>
    private static Task<string> Refusal(ZmtpSocket socket)
    {
        var refused = new TaskCompletionSource<string>();
        socket.ConnectionFailed += (_, e) => refused.TrySetResult(e.Reason!);
        return refused.Task;
    }

    private static ZmtpMessage Text(string text) => ZmtpMessage.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
