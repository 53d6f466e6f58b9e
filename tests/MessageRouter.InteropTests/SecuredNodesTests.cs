using System.Runtime.Versioning;
using MessageRouter.Curve;

namespace MessageRouter.InteropTests;

/// <summary>Nodes whose peers prove who they are, and libzmq at the other end, with files that either side has made.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecuredNodesTests(ITestOutputHelper output) : InteropTest(output)
{
    private const string Bus = """
        router {
          control { socket = "node.sock" }
          security {
            identities { node { file = "keys/node.key_secret" } }
            peers { office { directory = "keys/clients" } }
          }
          inputs { bus { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:0", curve { identity = node, allow = [office] }, to = out } }
          outputs { out { type = stdout } }
        }
        """;

    [SkippableFact]
    public async Task Pulling_a_key_out_cuts_its_client_off_and_others_go_on()
    {
        Requires.PyZmq();
        await KeysOfOurs("node", "keys");
        foreach (var name in (string[])["alice", "bob", "carol"]) await KeysOfPyZmq(name);
        File.Delete(Files["keys/clients/carol.key"]);
        var node = RunNode(Bus);
        var port = (await node.NamesEndpoint()).Port;
        var (alice, bob, carol) = (Client("alice", port), Client("bob", port), Client("carol", port));
        await alice.IsConnected();
        await bob.IsConnected();
        await carol.IsRefused();
        await alice.SendAsync("""{"from":"alice"}""");
        await node.Prints(line => line == """{"from":"alice"}""", 1, "alice's message");

        File.Delete(Files["keys/clients/alice.key"]);
        await alice.IsRefused();
        await bob.SendAsync("""{"from":"bob"}""");
        await node.Prints(line => line == """{"from":"bob"}""", 1, "bob's message");
        Assert.DoesNotContain("disconnected", bob.Errors.Lines);
        File.Copy(Files["owners/carol.key"], Files["keys/clients/carol.key"]);

        await node.Reports(line => line.Contains("has changed: added carol (", StringComparison.Ordinal), "the key to be let in");

        // libzmq itself does not try again where it was refused.
        await Client("carol", port).IsConnected();

        var shown = await Output("config", "node1.conf") + await Output("status", "--control", "node.sock") + await Output("status", "--control", "node.sock", "--format", "json") + await Output("config", "--control", "node.sock") + await Output("keys", "show", "keys/node.key_secret");
        await node.Stops();
        shown += string.Join('\n', node.Errors.Lines.Concat(node.Output.Lines)) + await File.ReadAllTextAsync(Files["ledger1.json"]);
        foreach (var file in (string[])["keys/node.key_secret", "owners/alice.key_secret"]) Assert.DoesNotContain(SecretIn(file), shown, StringComparison.Ordinal);
        Assert.Contains("node.key_secret", shown, StringComparison.Ordinal);
        Assert.Contains("The list office of those who may connect has changed: removed alice (", shown, StringComparison.Ordinal);

        ZmqPeer Client(string name, int at) => Zmq("PUSH", "connect", at, "--certificate", Files[$"owners/{name}.key_secret"], "--trust-certificate", Files["keys/node.key"]);
    }

    [SkippableFact]
    public async Task A_node_connects_to_a_libzmq_server_that_has_its_certificate()
    {
        Requires.PyZmq();
        await KeysOfOurs("node", "keys");
        await KeysOfPyZmq("hub");
        Directory.CreateDirectory(Files["hub/clients"]);
        File.Copy(Files["keys/node.key"], Files["hub/clients/node.key"]);
        var port = Ports.Free();
        var hub = Zmq("PULL", "bind", port, "--certificate", Files["owners/hub.key_secret"], "--allow", Files["hub/clients"]);
        var node = RunNode($$"""
            router {
              security.identities.node.file = "keys/node.key_secret"
              inputs { in { type = stdin, to = hub } }
              outputs { hub { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:{{port}}", curve { identity = node, server = "keys/clients/hub.key" } } }
            }
            """);

        await node.WriteAsync("""{"n":1}""");

        Assert.Equal([["""{"n":1}"""]], await hub.Receives(1));
    }

    [SkippableTheory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    public async Task Users_of_libzmq_come_in_with_their_password(string password, bool isLetIn)
    {
        Requires.PyZmq();
        var users = Started(new Peer(Files.Path, "dotnet", [RouterProcess.Command, "keys", "password", "alice"]));
        await users.WriteAsync("right");
        Assert.Equal(0, await users.Exits());
        File.SetUnixFileMode(Files.Write("users", users.Output.Lines[0]), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var node = RunNode("""router { inputs { bus { type = zeromq, socket-type = pull, bind = "tcp://127.0.0.1:0", plain { users = users }, to = out } }, outputs { out { type = stdout } } }""");
        var client = Zmq("PUSH", "connect", (await node.NamesEndpoint()).Port, "--plain", $"alice:{password}");

        if (!isLetIn)
        {
            await client.IsRefused();
            return;
        }
        await client.SendAsync("""{"n":1}""");
        await node.Prints(line => line == """{"n":1}""", 1, "the message");
    }

    [SkippableFact]
    public async Task A_node_is_a_user_of_a_libzmq_server()
    {
        Requires.PyZmq();
        var port = Ports.Free();
        var hub = Zmq("PULL", "bind", port, "--plain", "node:open-sesame", "--users");
        File.SetUnixFileMode(Files.Write("password", "open-sesame\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var node = RunNode($$"""
            router {
              inputs { in { type = stdin, to = hub } }
              outputs { hub { type = zeromq, socket-type = push, connect = "tcp://127.0.0.1:{{port}}", plain { user = node, password = secret { file = password } } } }
            }
            """);

        await node.WriteAsync("""{"n":1}""");

        Assert.Equal([["""{"n":1}"""]], await hub.Receives(1));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_who_uses_CURVE_loads_it(bool uses)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Linux says what a process has loaded.");
        await KeysOfOurs("node", "keys");
        var node = RunNode($$"""
            router {
              {{(uses ? "security.identities.node.file = \"keys/node.key_secret\"" : "")}}
              inputs { bus { type = zeromq, bind = "tcp://127.0.0.1:0"{{(uses ? ", curve { identity = node, allow = any }" : "")}}, to = out } }
              outputs { out { type = stdout } }
            }
            """);
        await node.Starts();

        Assert.Equal((uses, uses), (node.HasLoaded("MessageRouter.Curve.dll"), node.HasLoaded("libsodium")));
    }

    [SkippableFact]
    public async Task NetMQ_is_no_engine_for_CURVE()
    {
        await KeysOfOurs("node", "keys");
        Files.Write("node.conf", Bus.Replace("type = zeromq", "type = zeromq, engine = netmq", StringComparison.Ordinal).Replace("allow = [office]", "allow = any", StringComparison.Ordinal).Replace("peers { office { directory = \"keys/clients\" } }", "", StringComparison.Ordinal));

        var run = MessageRouter("validate", "node.conf");

        Assert.Equal(78, await run.Exits());
        Assert.Contains(run.Errors.Lines, line => line == "error: input `bus` (zeromq) cannot have `curve`: `engine` has NetMQ do the work, which lets peers in that prove nothing");
    }

    private async Task KeysOfOurs(string name, string folder) => await Output("keys", "new", name, "--directory", folder);

    /// <summary>The owner has the secret one, and the node the public one.</summary>
    private async Task KeysOfPyZmq(string name)
    {
        foreach (var folder in (string[])["owners", "keys/clients"]) Directory.CreateDirectory(Files[folder]);
        var made = Started(new Peer(Files.Path, ZmqPeer.Python, ["-c", $"import zmq.auth; zmq.auth.create_certificates('owners', '{name}', metadata={{'site': 'north'}})"]));
        Assert.Equal(0, await made.Exits());
        File.Copy(Files[$"owners/{name}.key"], Files[$"keys/clients/{name}.key"]);
    }

    private async Task<string> Output(params string[] arguments)
    {
        var run = MessageRouter(arguments);
        Assert.True(await run.Exits() == 0, run.Describe());
        return string.Join('\n', run.Output.Lines) + string.Join('\n', run.Errors.Lines);
    }

    private string SecretIn(string file)
    {
        using var keys = KeyFile.Any(Files[file]);
        return Z85.Encode(keys.SecretKey);
    }
}
